import type { SourceName } from '../readings/readings.js';
import type { Decision } from '../readings/scaler.js';

/** One source of what is shown. */
export interface SourceView {
  readonly name: SourceName;
  /** `off`: its address is not set. `waiting`: it has not answered yet. */
  readonly state: 'up' | 'away' | 'waiting' | 'off';
  /** When this state began. */
  readonly sinceMs: number;
  readonly reason?: string;
}

export type Health = 'good' | 'warning' | 'bad' | 'away' | 'waiting' | 'off';

/** Something worth knowing of a station; the page formats numbers by their unit. */
export interface Fact {
  readonly label: string;
  readonly value?: string;
  readonly atMs?: number;
  readonly seconds?: number;
}

/** A program of the loop. */
export interface Station {
  readonly name: SourceName;
  readonly title: string;
  readonly order: number;
  readonly health: Health;
  /** Why it is not good. */
  readonly reasons: readonly string[];
  readonly facts: readonly Fact[];
  readonly sinceMs: number;
}

/** What a service can be filtered by. */
export type Flag = 'problem' | 'alerting' | 'scaling' | 'at-bound' | 'paused' | 'no-route';

/** A row of the list of services. */
export interface ServiceRow {
  readonly name: string;
  readonly stack: string;
  /** The name without its stack. */
  readonly short: string;
  /** Larger is worse; 0 is as it should be. */
  readonly badness: number;
  readonly flags: readonly Flag[];
  readonly running?: number;
  readonly wanted?: number;
  readonly min?: number;
  readonly max?: number;
  /** As people write them: `example.com/demo`. */
  readonly routes: readonly string[];
  readonly locked: boolean;
  readonly requestsPerSecond?: number;
  readonly errorsPerSecond?: number;
  readonly meanSeconds?: number;
  readonly longestSeconds?: number;
  readonly p95Seconds?: number;
  readonly targetsUp: number;
  readonly targets: number;
  readonly pending: number;
  readonly firing: number;
  readonly lastDecision?: Pick<Decision, 'id' | 'outcome' | 'lastAtMs' | 'from' | 'to' | 'message'>;
  readonly problems: number;
}

/** Something that was written and is not in force, or not as it was meant. */
export interface Problem {
  readonly id: string;
  readonly source: SourceName;
  /** Empty when it is about no service. */
  readonly service: string;
  readonly kind: 'rejected' | 'warning';
  readonly label?: string;
  readonly value?: string;
  readonly text: string;
  readonly expected?: string;
  readonly sinceMs: number;
}

export interface RouteView {
  readonly id: string;
  readonly service: string;
  readonly mode: string;
  /** Empty: every domain. */
  readonly domain: string;
  readonly path: string;
  readonly port?: string;
  readonly target: string;
  readonly backend: string;
  readonly locked: boolean;
  /** The service whose route of the same domain, path and port comes first. */
  readonly shadowedBy?: string;
}

export interface CertificateView {
  readonly name: string;
  readonly services: readonly string[];
  readonly names: readonly string[];
  /** `valid`, `expired`, `failed` … */
  readonly state: string;
  readonly source: string;
  readonly expires?: string;
  readonly renewAt?: string;
  readonly problem?: string;
}

export interface NodeView {
  readonly id: string;
  readonly hostname: string;
  readonly address: string;
  readonly role: string;
  readonly state: string;
  readonly availability: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Tasks that are told of, by service. */
  readonly tasks: Readonly<Record<string, number>>;
}

/** What is behind the keys of the document: `service/go-demo_main` is a {@link ServiceRow}. */
export interface Entities {
  readonly source: SourceView;
  readonly station: Station;
  readonly service: ServiceRow;
  readonly problem: Problem;
  readonly route: RouteView;
  readonly decision: Decision;
  readonly certificate: CertificateView;
  readonly node: NodeView;
}

export type Kind = keyof Entities;
export type { Decision, SourceName };
