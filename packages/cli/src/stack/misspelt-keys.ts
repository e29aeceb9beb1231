import { editDistance } from '@docker-flow/labels';
import { entriesOf, valueOf, type Placed, type PlacedEntry } from '../yaml/placed.js';
import type { StackProblem } from './problem.js';

/** Docker refuses unknown keys; these two are where our labels stand. */
const IN_SERVICE = ['labels', 'deploy'];
const IN_DEPLOY = ['labels'];
/** Keys that Docker knows and that are near to ours. */
const KNOWN = new Set(['label_file']);

/** Unknown keys of services that are nearly `labels` or `deploy`. */
export function misspeltKeys(services: Placed | undefined): readonly StackProblem[] {
  return entriesOf(services).flatMap((service) => [
    ...nearMisses(entriesOf(service.value), IN_SERVICE, service.key.text),
    ...nearMisses(entriesOf(valueOf(service.value, 'deploy')), IN_DEPLOY, service.key.text),
  ]);
}

function nearMisses(
  entries: readonly PlacedEntry[],
  wanted: readonly string[],
  service: string,
): readonly StackProblem[] {
  return entries.flatMap(({ key }): StackProblem[] => {
    if (KNOWN.has(key.text) || wanted.includes(key.text) || key.text.startsWith('x-')) return [];
    const nearest = wanted.find((name) => editDistance(key.text.toLowerCase(), name) <= 1);
    if (nearest === undefined) return [];
    return [
      {
        code: 'DF002',
        severity: 'error',
        message: `"${key.text}" is not a key of a service, and Docker refuses it`,
        expected: nearest,
        suggestion: nearest,
        place: key.place,
        service,
      },
    ];
  });
}
