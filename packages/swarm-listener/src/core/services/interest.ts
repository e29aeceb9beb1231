import { labelValue, LISTENER_LABELS } from '@docker-flow/labels';
import { ownLabel } from './own-labels.js';
import type { Labels } from './swarm-objects.js';

/** Which services are of interest: those with this label. */
export interface NotifyLabel {
  readonly key: string;
  /** The exact value that is wanted; absent: `true` in any letter case. */
  readonly value: string | undefined;
}

/** Reads `DF_NOTIFY_LABEL`: `key`, or `key=value` for services with exactly that value. */
export function parseNotifyLabel(text: string): NotifyLabel {
  const equals = text.indexOf('=');
  return equals < 0
    ? { key: text, value: undefined }
    : { key: text.slice(0, equals), value: text.slice(equals + 1) };
}

/** One rule for events, lists and answers (docker-flow/docker-flow-swarm-listener#38). */
export function isOfInterest(labels: Labels, notify: NotifyLabel): boolean {
  const value = ownLabel(labels, notify.key);
  return notify.value === undefined
    ? labelValue(LISTENER_LABELS.notify, value) === true
    : value === notify.value;
}
