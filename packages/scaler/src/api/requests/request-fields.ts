import { firstValues, type QueryPair, type Step } from '@docker-flow/labels';
import type { GroupPost } from '../../core/scaling/alert-group.js';
import { readBy, readByOfBody, readText } from './request-values.js';
import { asObject, fieldOf, parseObject, readWebhook, type Webhook } from './webhook.js';

/** What a scaling request says, from its query and body together; absent is what neither says readably. */
export interface RequestFields {
  readonly service: string | undefined;
  readonly scale: string | undefined;
  readonly by: Step | undefined;
  readonly type: string | undefined;
  readonly to: string | undefined;
  readonly webhook: Webhook | undefined;
}

/**
 * Reads query and body of a scaling request. Non-empty query parameters beat the body's group labels,
 * of repeated ones the first counts; what cannot be read counts as absent.
 */
export function readRequestFields(query: readonly QueryPair[], body: string): RequestFields {
  const parameters = firstValues(query);
  const json = parseObject(body);
  const labels = asObject(fieldOf(json, 'groupLabels')) ?? {};
  function text(name: string): string | undefined {
    return readText(parameters[name]) ?? readText(fieldOf(labels, name));
  }
  const target = fieldOf(labels, 'to');
  return {
    service: text('service'),
    scale: text('scale'),
    by: readBy(parameters['by']) ?? readByOfBody(fieldOf(labels, 'by')),
    type: text('type'),
    to: text('to') ?? (typeof target === 'number' ? String(target) : undefined),
    webhook: json === undefined ? undefined : readWebhook(json),
  };
}

/** The status of a webhook that reports anything but a firing alert. */
export function resolvedStatus({ webhook }: RequestFields): string | undefined {
  const status = webhook?.status;
  return status === undefined || status === '' || status === 'firing' ? undefined : status;
}

/** The post of an alert group, for telling what is new in it; `undefined` when it is no such post. */
export function groupPostOf(
  { webhook }: RequestFields,
  address: string,
  atMs: number,
): { readonly key: string; readonly post: GroupPost } | undefined {
  if (webhook?.groupKey === undefined) return undefined;
  const { groupKey: key, externalUrl = '', firing, truncated: hidden } = webhook;
  return { key, post: { peer: `${externalUrl} ${address}`, firing, hidden, atMs } };
}

/** Who asked, for people: the receiver and alerts of a webhook, and the address. */
export function describeRequester({ webhook }: RequestFields, address: string): string {
  if (webhook?.groupKey === undefined && webhook?.receiver === undefined) return `request from ${address}`;
  const alerts = webhook.alertNames.length > 0 ? `, alert ${webhook.alertNames.join(', ')}` : '';
  const receiver = webhook.receiver === undefined ? '' : ` receiver ${webhook.receiver}`;
  return `Alertmanager ${address}${receiver}${alerts}`;
}
