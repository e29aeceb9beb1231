import { formatIssue } from '@docker-flow/labels';
import { claimsOf, findPortConflicts } from '../core/entry-ports/entry-port-conflicts.js';
import type { Settings } from '../core/model/settings.js';
import { boundPorts } from '../core/text/bound-ports.js';
import type { Candidates } from './candidates.js';

/** Which service may have which entry port. */
export interface EntryPorts {
  /** Rejects services whose entry ports belong to others here, or are held by another program. */
  reject(candidates: Candidates): Promise<void>;
  /** The same again: what services that have gone had of entry ports is free for others. */
  settle(candidates: Candidates): Promise<void>;
  /** HAProxy has loaded this configuration: its ports are no other program's. */
  loaded(configuration: string): void;
}

export interface EntryPortsDeps {
  readonly settings: Settings;
  /** Whether a port could be opened now. */
  readonly canListen: (port: number) => Promise<boolean>;
}

export function createEntryPorts({ settings, canListen }: EntryPortsDeps): EntryPorts {
  let ours: ReadonlySet<number> = new Set();

  async function reject(candidates: Candidates): Promise<void> {
    rejectPortConflicts(candidates, settings);
    await rejectTakenPorts(candidates, ours, canListen);
  }

  return {
    reject,
    async settle(candidates) {
      candidates.readmit();
      await reject(candidates);
    },
    loaded(configuration) {
      ours = boundPorts(configuration);
    },
  };
}

/** Rejects services whose entry ports belong to others here. An older version that takes the place of one may have to go, too. */
function rejectPortConflicts(candidates: Candidates, settings: Settings): void {
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
 */
async function rejectTakenPorts(
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
