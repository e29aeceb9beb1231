/** Programs of the production stack whose containers are killed or stopped as a whole. */
export const PROGRAMS = [
  'swarm-listener',
  'proxy',
  'monitor',
  'alert-manager',
  'scaler',
  'docker-guard',
  'docker-read',
  'dashboard',
  'certificates',
] as const;
export type Program = (typeof PROGRAMS)[number];

/** What is broken on purpose. `which` chooses among those that there are, as a number from 0 up. */
export type Fault =
  /** kill -9 of the first process of the container; Swarm starts another one. */
  | { readonly kind: 'kill'; readonly program: Program; readonly which: number }
  /** The program is stopped and goes on later: a receiver that hangs, a stream that stays open and silent. */
  | { readonly kind: 'stop'; readonly program: Program; readonly which: number }
  /** The same for one process inside a container, which its program has to notice. */
  | {
      readonly kind: 'kill inside' | 'stop inside';
      readonly process: InnerProcess;
      readonly which: number;
    }
  /** The file system on which the program writes what it generates has no room left. */
  | { readonly kind: 'disk full'; readonly program: 'proxy' | 'monitor'; readonly which: number }
  | { readonly kind: 'crash' | 'cut' | 'off'; readonly node: NodeChoice };

export type InnerProcess = 'HAProxy master' | 'HAProxy worker' | 'Prometheus';
export type NodeChoice =
  { readonly role: 'leader' } | { readonly role: 'manager' | 'worker'; readonly which: number };

/** Whose failures a fault explains: nobody's, those of requests through the proxy that it hits, or all. */
export type Excuse = 'none' | 'proxy' | 'all';

/** HAProxy itself goes on while the program beside it is stopped, and while its own master is. */
export function excuseOf(fault: Fault): Excuse {
  switch (fault.kind) {
    case 'crash':
    case 'cut':
    case 'off':
      return 'all';
    case 'kill':
      return fault.program === 'proxy' ? 'proxy' : 'none';
    case 'kill inside':
    case 'stop inside':
      if (fault.process === 'Prometheus') return 'none';
      return fault.kind === 'stop inside' && fault.process === 'HAProxy master' ? 'none' : 'proxy';
    case 'stop':
    case 'disk full':
      return 'none';
  }
}

/** The program whose container may be another one afterwards; `all` when any may be. */
export function restartedBy(fault: Fault): Program | 'all' {
  switch (fault.kind) {
    case 'crash':
    case 'cut':
    case 'off':
      return 'all';
    case 'kill inside':
    case 'stop inside':
      return fault.process === 'Prometheus' ? 'monitor' : 'proxy';
    default:
      return fault.program;
  }
}

export function faultInWords(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
      return `kill -9 ${fault.program}`;
    case 'stop':
      return `${fault.program} hangs`;
    case 'kill inside':
      return `kill -9 ${fault.process}`;
    case 'stop inside':
      return `${fault.process} hangs`;
    case 'disk full':
      return `no room left for the files of the ${fault.program}`;
    case 'crash':
      return `dockerd of ${nodeInWords(fault.node)} dies and comes back`;
    case 'cut':
      return `the network of ${nodeInWords(fault.node)} is cut and healed`;
    case 'off':
      return `${nodeInWords(fault.node)} loses its power and gets it back`;
  }
}

function nodeInWords(node: NodeChoice): string {
  return node.role === 'leader' ? 'the leader' : `a ${node.role}`;
}
