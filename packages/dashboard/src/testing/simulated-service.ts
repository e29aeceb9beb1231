/** A service of a simulated loop, from which all sources tell their part. */
export interface SimulatedService {
  readonly name: string;
  readonly stack?: string;
  /** Without `com.df.` */
  readonly labels: Readonly<Record<string, string>>;
  readonly running: number;
  readonly wanted: number;
  readonly bounds?: readonly [min: number, max: number];
  readonly isPaused?: boolean;
  /** It is scaled on a target. */
  readonly target?: { readonly on: string; readonly target: number; readonly value: number };
  readonly routes?: readonly { readonly domains?: readonly string[]; readonly paths: readonly string[] }[];
  /** Why the proxy rejects it. */
  readonly rejection?: string;
  readonly warnings?: readonly string[];
  /** Why the proxy does not reach its tasks. */
  readonly unreachable?: string;
  readonly traffic?: {
    readonly requests: number;
    readonly errors: number;
    readonly meanSeconds: number;
    readonly p95Seconds?: number;
  };
  readonly targets?: readonly { readonly up: boolean; readonly error?: string }[];
  readonly alerts?: readonly {
    readonly name: string;
    readonly expression: string;
    readonly state: 'inactive' | 'pending' | 'firing';
    readonly value?: string;
    readonly sinceMs?: number;
  }[];
  readonly rejectedAlerts?: readonly { readonly alertName: string; readonly reason: string }[];
}

export interface SimulatedDecision {
  readonly service: string;
  readonly outcome: string;
  readonly atMs: number;
  readonly from?: number;
  readonly to?: number;
  readonly message: string;
  readonly explanation: string;
  readonly asker: string;
  readonly request: string;
}

export interface SimulatedCertificate {
  readonly name: string;
  readonly state: string;
  readonly services: readonly string[];
  readonly daysLeft: number;
  readonly problem?: string;
}

/** Everything a simulated loop says. */
export interface SimulatedState {
  readonly services: readonly SimulatedService[];
  readonly decisions: readonly SimulatedDecision[];
  readonly certificates: readonly SimulatedCertificate[];
  readonly nodes: readonly { readonly hostname: string; readonly role: string; readonly state: string }[];
  /** Issues as swarm-listener tells them. */
  readonly issues: readonly {
    readonly service: string;
    readonly label: string;
    readonly value: string;
    readonly problem: string;
    readonly expected: string;
  }[];
  /** What the proxy warns of that belongs to no service. */
  readonly proxyWarnings?: readonly string[];
}
