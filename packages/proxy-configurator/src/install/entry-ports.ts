import { formatIssue } from '@docker-flow/labels';
import { claimsOf, findPortConflicts } from '../core/entry-ports/entry-port-conflicts.js';
import type { Settings } from '../core/model/settings.js';
import type { Candidates } from './candidates.js';

/** Rejects services whose entry ports belong to others here. An older version that takes the place of one may have to go, too. */
export function rejectPortConflicts(candidates: Candidates, settings: Settings): void {
  for (;;) {
    const routed = [...candidates.versions.values()].map((version) => version.routed);
    const conflicts = findPortConflicts(routed, settings);
    if (conflicts.size === 0) return;
    for (const [name, issue] of conflicts) {
      const { value, takenBy } = issue;
      const taken = takenBy === undefined ? undefined : { port: Number(value), by: takenBy };
      candidates.reject(name, { kind: 'port', status: 409, message: formatIssue(issue), taken });
    }
  }
}

/**
 * Rejects services whose entry ports another program holds; those that HAProxy holds are `ours`. Another's port must
 * never reach HAProxy: it would pause its own sockets while it tries.
 *
 * @param canListen whether a port could be opened now
 */
export async function rejectTakenPorts(
  candidates: Candidates,
  ours: ReadonlySet<number>,
  canListen: (port: number) => Promise<boolean>,
): Promise<void> {
  for (const [name, { routed }] of [...candidates.versions]) {
    for (const { port } of claimsOf(routed)) {
      if (ours.has(port) || (await canListen(port))) continue;
      const message = `service ${name}: label srcPort=${JSON.stringify(String(port))} is taken by another program; expected a free port`;
      candidates.reject(name, { kind: 'port', status: 500, message });
      break;
    }
  }
}
