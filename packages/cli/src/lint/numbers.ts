import { PROXY_DESTINATION_LABELS } from '@docker-flow/labels';
import type { Finding } from './finding.js';
import { knownLabel, splitNumber } from './known-labels.js';
import type { MeantLabel } from './read-written-labels.js';

const MAKES_DESTINATION = new Set(['servicePath', 'port', 'serviceDomain', 'httpsPort']);
const MOST_DESTINATIONS = 10;
const OF_DESTINATION = new Set(PROXY_DESTINATION_LABELS.map(({ name }) => name));

/**
 * Numbers that are never read (DF106): destinations end at the first gap and at ten, 0 and leading zeros are no
 * numbers, and most labels take none. One finding a number, at its first label; such labels are not looked at again.
 */
export function dropUnreadNumbers(
  labels: readonly MeantLabel[],
  service: string,
): { readonly labels: readonly MeantLabel[]; readonly findings: readonly Finding[] } {
  const keyed = labels.map((label) => ({ label, ...splitNumber(label.parameter) }));
  const destinations = new Set(
    keyed.flatMap(({ name, number }) =>
      MAKES_DESTINATION.has(name) && number !== undefined && isCanonical(number) ? Number(number) : [],
    ),
  );
  let last = 0;
  while (last < MOST_DESTINATIONS && destinations.has(last + 1)) last += 1;
  const told = new Map<string, Finding>();
  const kept = keyed.filter(({ label, name, number }) => {
    const known = knownLabel(name);
    if (number === undefined || !known || knownLabel(label.parameter)) return true;
    const problem = problemOf(name, number, known.label.indexed, last);
    if (!problem) return true;
    const group = known.label.indexed ? number : label.parameter;
    if (!told.has(group))
      told.set(group, {
        code: 'DF106',
        severity: 'error',
        message: `${label.parameter} is never read: ${problem.why}`,
        expected: problem.expected,
        place: label.written.place,
        service,
        label: label.written.name,
      });
    return false;
  });
  return { labels: kept.map(({ label }) => label), findings: [...told.values()] };
}

function problemOf(
  name: string,
  number: string,
  isIndexed: boolean,
  last: number,
): { readonly why: string; readonly expected: string } | undefined {
  if (!isIndexed) return { why: 'the label takes no number', expected: name };
  if (!isCanonical(number))
    return { why: 'numbers begin with 1 and have no leading zeros', expected: '1, 2, …' };
  const value = Number(number);
  if (!OF_DESTINATION.has(name) || value <= last) return undefined;
  if (value > MOST_DESTINATIONS)
    return {
      why: `there are at most ${MOST_DESTINATIONS} destinations`,
      expected: `a number up to ${MOST_DESTINATIONS}`,
    };
  return {
    why: `the destinations end at ${last === 0 ? 'the beginning' : String(last)}, as there is no number ${last + 1}`,
    expected: String(last + 1),
  };
}

function isCanonical(number: string): boolean {
  return /^[1-9]\d*$/.test(number);
}
