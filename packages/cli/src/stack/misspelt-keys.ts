import { editDistance } from '@docker-flow/labels';
import { entriesOf, entryOf, type Placed, type PlacedEntry } from '../yaml/placed.js';
import type { StackProblem } from './problem.js';

/** Docker refuses unknown keys; these are where our labels stand. */
const IN_FILE = ['services'];
const IN_SERVICE = ['labels', 'deploy'];
const IN_DEPLOY = ['labels'];
/** Keys that other tools know and that are near to ours. */
const KNOWN = new Set(['label_file']);

/** Unknown keys that are nearly `services`, and in services `labels` or `deploy`. */
export function misspeltKeys(root: Placed): readonly StackProblem[] {
  const services = entriesOf(entryMeant(root, 'services')?.value);
  return [
    ...nearMisses(entriesOf(root), IN_FILE),
    ...services.flatMap(({ key, value }) => [
      ...nearMisses(entriesOf(value), IN_SERVICE, key.text),
      ...nearMisses(entriesOf(entryMeant(value, 'deploy')?.value), IN_DEPLOY, key.text),
    ]),
  ];
}

/** The entry under a key, or under a misspelling of it where the key itself is not there. */
export function entryMeant(node: Placed | undefined, key: string): PlacedEntry | undefined {
  return entryOf(node, key) ?? entriesOf(node).find((entry) => nearestOf(entry.key.text, [key]) === key);
}

/** Which of these keys was probably meant by one that is none. */
function nearestOf(written: string, wanted: readonly string[]): string | undefined {
  if (KNOWN.has(written) || wanted.includes(written) || written.startsWith('x-')) return undefined;
  return wanted.find((name) => editDistance(written.toLowerCase(), name) <= 1);
}

function nearMisses(
  entries: readonly PlacedEntry[],
  wanted: readonly string[],
  service?: string,
): readonly StackProblem[] {
  return entries.flatMap(({ key }): StackProblem[] => {
    const nearest = nearestOf(key.text, wanted);
    if (nearest === undefined) return [];
    const where = service === undefined ? 'a stack' : 'a service';
    return [
      {
        code: 'DF002',
        severity: 'error',
        message: `"${key.text}" is not a key of ${where}, and Docker refuses it`,
        expected: nearest,
        suggestion: nearest,
        place: key.place,
        ...(service === undefined ? {} : { service }),
      },
    ];
  });
}
