import { formatIssue } from '@docker-flow/labels';
import { canaryConflicts } from '../core/canary/canaries.js';
import type { Candidates } from './candidates.js';

/** Rejects canaries that cannot be. An older version that takes a rejected one's place may be such a canary, too. */
export function rejectCanaryConflicts(candidates: Candidates): void {
  for (;;) {
    const conflicts = canaryConflicts([...candidates.versions.values()].map(({ routed }) => routed));
    if (conflicts.size === 0) return;
    for (const [name, { status, issue }] of conflicts)
      candidates.reject(name, { kind: 'labels', status, message: formatIssue(issue) });
  }
}
