import { PROXY_DESTINATION_LABELS } from '../catalogue/proxy.js';
import { DESTINATION_MAKERS, MAX_DESTINATIONS } from './destination-numbers.js';
import { knownLabel, splitNumber } from './known-labels.js';

/** A numbered parameter that nobody reads because of its number. */
export interface UnreadNumber {
  readonly parameter: string;
  /** Parameters of one group have one reason: the number, or the name where it takes none. */
  readonly group: string;
  /** Follows `is never read: `. */
  readonly why: string;
  readonly expected: string;
}

const OF_DESTINATION = new Set<string>(PROXY_DESTINATION_LABELS.map(({ name }) => name));
const MAKES_DESTINATION = new Set<string>(DESTINATION_MAKERS.map(({ name }) => name));

/**
 * Numbers that are never read: destinations end at the first gap and at ten, 0 and leading zeros are no numbers, and
 * most labels take none.
 */
export function unreadNumbers(parameters: readonly string[]): readonly UnreadNumber[] {
  const keyed = parameters.map((parameter) => ({ parameter, ...splitNumber(parameter) }));
  const destinations = new Set(
    keyed.flatMap(({ name, number }) =>
      MAKES_DESTINATION.has(name) && number !== undefined && isCanonical(number) ? Number(number) : [],
    ),
  );
  let last = 0;
  while (last < MAX_DESTINATIONS && destinations.has(last + 1)) last += 1;
  return keyed.flatMap(({ parameter, name, number }) => {
    const known = knownLabel(name);
    if (number === undefined || !known || knownLabel(parameter)) return [];
    const { indexed } = known.label;
    const problem = problemOf(name, number, indexed, last);
    return problem ? [{ parameter, group: indexed ? number : parameter, ...problem }] : [];
  });
}

function problemOf(
  name: string,
  number: string,
  isIndexed: boolean,
  last: number,
): Pick<UnreadNumber, 'why' | 'expected'> | undefined {
  if (!isIndexed) return { why: 'the label takes no number', expected: name };
  if (!isCanonical(number))
    return { why: 'numbers begin with 1 and have no leading zeros', expected: '1, 2, …' };
  const value = Number(number);
  if (!OF_DESTINATION.has(name) || value <= last) return undefined;
  if (value > MAX_DESTINATIONS)
    return {
      why: `there are at most ${MAX_DESTINATIONS} destinations`,
      expected: `a number up to ${MAX_DESTINATIONS}`,
    };
  return {
    why: `the destinations end at ${last === 0 ? 'the beginning' : String(last)}, as there is no number ${last + 1}`,
    expected: String(last + 1),
  };
}

function isCanonical(number: string): boolean {
  return /^[1-9]\d*$/.test(number);
}
