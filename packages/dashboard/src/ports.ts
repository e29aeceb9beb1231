import type { BackendServer } from './core/detail/service-detail.js';
import type { AlertSpan, Range, RangeQuery, Series } from './core/detail/timeline.js';
import type { Readings, SourceName } from './core/readings/readings.js';
import type { ReplicaPoint, ScalerTask } from './core/readings/scaler.js';

/** One program that is asked for what it knows. */
export interface Source<N extends SourceName = SourceName> {
  readonly name: N;
  /**
   * `unchanged`: the same as last time.
   *
   * @throws {UpstreamError} when it does not answer, or answers something else
   */
  read(signal: AbortSignal): Promise<Required<Readings>[N] | 'unchanged'>;
  /** Tells when there may be something new, until the signal aborts. */
  readonly follow?: (onHint: () => void, signal: AbortSignal) => Promise<void>;
}

/** What is asked of Prometheus for one service that somebody looks at. */
export interface ServiceHistory {
  /** @throws {UpstreamError} */
  series(queries: readonly RangeQuery[], range: Range, toMs: number): Promise<readonly Series[]>;
  /** @throws {UpstreamError} */
  alerts(rules: readonly string[], range: Range, toMs: number): Promise<readonly AlertSpan[]>;
  /**
   * Servers of the backends of the service, by HAProxy's word.
   *
   * @throws {UpstreamError}
   */
  servers(service: string): Promise<readonly BackendServer[]>;
}

/** What is asked of the scaler for one service that somebody looks at. */
export interface ScalerQuestions {
  /** @throws {UpstreamError} */
  replicas(service: string): Promise<readonly ReplicaPoint[]>;
  /**
   * Its tasks, by Swarm's word.
   *
   * @throws {UpstreamError}
   */
  tasks(service: string): Promise<readonly ScalerTask[]>;
}

export interface RouteExplainer {
  /**
   * The proxy's own answer: which route takes the request, and why not the ones before it.
   *
   * @throws {UpstreamError}
   */
  explain(request: { readonly host: string; readonly path: string }): Promise<unknown>;
}
