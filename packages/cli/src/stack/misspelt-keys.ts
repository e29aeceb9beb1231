import { editDistance } from '@docker-flow/labels';
import { entriesOf, entryOf, type Placed, type PlacedEntry } from '../yaml/placed.js';
import type { StackProblem } from './problem.js';

/** Docker refuses unknown keys; these are where our labels stand. */
const IN_FILE = ['services'];
const IN_SERVICE = ['labels', 'deploy'];
const IN_DEPLOY = ['labels'];
/** Keys that other tools know and that are near to ours. */
const KNOWN = new Set(['label_file']);

/** Keys of `deploy` that are mappings: with labels in them they are indented too far. */
const BESIDE_LABELS = ['placement', 'resources', 'restart_policy', 'update_config', 'rollback_config'];
/** What only a service has. */
const OF_SERVICES = ['image', 'deploy'];

/** Unknown keys that are nearly `services`, and in services `labels` or `deploy`. */
export function misspeltKeys(root: Placed): readonly StackProblem[] {
  const services = entriesOf(entryMeant(root, 'services')?.value);
  return [
    ...nearMisses(entriesOf(root), IN_FILE),
    ...besideServices(root),
    ...services.flatMap(({ key, value }) => {
      const deploy = entryMeant(value, 'deploy')?.value;
      return [
        ...nearMisses(entriesOf(value), IN_SERVICE, key.text),
        ...nearMisses(entriesOf(deploy), IN_DEPLOY, key.text),
        ...labelsTooDeep(deploy, key.text),
      ];
    }),
  ];
}

/** Services that do not stand under `services`. */
function besideServices(root: Placed): readonly StackProblem[] {
  return entriesOf(root).flatMap(({ key, value }): StackProblem[] => {
    const isService = OF_SERVICES.some((name) => entryOf(value, name) !== undefined);
    if (!isService || key.text.startsWith('x-') || nearestOf(key.text, IN_FILE) !== undefined) return [];
    return [
      {
        code: 'DF002',
        severity: 'error',
        message: `"${key.text}" is not a key of a stack, and Docker refuses it`,
        expected: 'the service under services',
        place: key.place,
      },
    ];
  });
}

/** `labels` within another key of `deploy`. */
function labelsTooDeep(deploy: Placed | undefined, service: string): readonly StackProblem[] {
  return BESIDE_LABELS.flatMap((name): StackProblem[] => {
    const labels = entryOf(entryOf(deploy, name)?.value, 'labels');
    if (!labels) return [];
    return [
      {
        code: 'DF002',
        severity: 'error',
        message: `"labels" is not a key of ${name}, and Docker refuses it`,
        expected: `labels beside ${name}, under deploy`,
        place: labels.key.place,
        service,
      },
    ];
  });
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
