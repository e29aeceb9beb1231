import { LABEL_PREFIX, LISTENER_LABELS, withoutQuotes } from '@docker-flow/labels';
import type { Labels } from './swarm-objects.js';

/** The labels that the listener reads itself; all others it only passes on. */
export const SHORT_NAME_LABEL = `${LABEL_PREFIX}${LISTENER_LABELS.shortName.name}`;
export const SCRAPE_NETWORK_LABEL = `${LABEL_PREFIX}${LISTENER_LABELS.scrapeNetwork.name}`;
export const NOTIFY_SERVICE_LABEL = `${LABEL_PREFIX}${LISTENER_LABELS.notifyService.name}`;

/**
 * The value of one of them. The list form of a stack file, `- com.df.notify="true"`, keeps the quotes, and nobody
 * means them.
 */
export function ownLabel(labels: Labels, label: string): string | undefined {
  if (!Object.hasOwn(labels, label)) return undefined;
  const value = labels[label] ?? '';
  return withoutQuotes(value) ?? value;
}
