import { unreadNumbers } from '@docker-flow/labels';
import type { Finding } from '../findings/finding.js';
import type { MeantLabel } from '../written/read-written-labels.js';

/** Numbers that are never read (DF106): one finding a number, at its first label; such labels are not looked at again. */
export function dropUnreadNumbers(
  labels: readonly MeantLabel[],
  service: string,
): { readonly labels: readonly MeantLabel[]; readonly findings: readonly Finding[] } {
  const unread = new Map(
    unreadNumbers(labels.map(({ parameter }) => parameter)).map((number) => [number.parameter, number]),
  );
  const told = new Map<string, Finding>();
  const kept = labels.filter(({ parameter, written }) => {
    const number = unread.get(parameter);
    if (!number) return true;
    const { group, why, expected } = number;
    if (!told.has(group))
      told.set(group, {
        code: 'DF106',
        severity: 'error',
        message: `${parameter} is never read: ${why}`,
        expected,
        place: written.place,
        service,
        label: written.name,
      });
    return false;
  });
  return { labels: kept, findings: [...told.values()] };
}
