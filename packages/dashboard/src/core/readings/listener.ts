import type { Issue, Parameters } from '@docker-flow/labels';

/** What swarm-listener says of one service. */
export interface ListenerPiece {
  /** As a receiver would be told, with masked secrets; absent for a service that only has issues. */
  readonly parameters?: Parameters;
  readonly issues: readonly Issue[];
}

export interface SwarmNode {
  readonly id: string;
  readonly hostname: string;
  readonly address: string;
  readonly role: string;
  readonly state: string;
  readonly availability: string;
  /** Everything else that is said of it. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface ListenerReading {
  readonly services: ReadonlyMap<string, ListenerPiece>;
  readonly nodes: readonly SwarmNode[];
  readonly ready: boolean;
  readonly problems: readonly string[];
  readonly waiting: number;
}

const NODE_FACTS = new Set(['id', 'hostname', 'address', 'role', 'state', 'availability', 'versionIndex']);

/** A row of `get-nodes`. */
export function swarmNode(parameters: Parameters): SwarmNode {
  const {
    id = '',
    hostname = '',
    address = '',
    role = '',
    state = '',
    availability = '',
  } = parameters as Record<string, string | undefined>;
  const labels = Object.entries(parameters).filter(([name]) => !NODE_FACTS.has(name));
  return { id, hostname, address, role, state, availability, labels: Object.fromEntries(labels) };
}

/** Services by name, with what is wrong with their labels. */
export function listenerPieces(
  rows: readonly Parameters[],
  issues: readonly Issue[],
): ReadonlyMap<string, ListenerPiece> {
  const pieces = new Map<string, ListenerPiece>();
  for (const parameters of rows) {
    const name = parameters['serviceName'];
    if (name !== undefined) pieces.set(name, { parameters, issues: [] });
  }
  for (const issue of issues) {
    const piece = pieces.get(issue.service);
    pieces.set(issue.service, { ...piece, issues: [...(piece?.issues ?? []), issue] });
  }
  return pieces;
}
