/** One task of the service as it is now. */
export interface Task {
  readonly id: string;
  /** Default `running`. */
  readonly state?: 'running' | 'pending' | 'failed' | 'removed' | undefined;
  readonly ready?: boolean | null | undefined;
  readonly startedSecondsAgo?: number | null | undefined;
  /** Default `startedSecondsAgo`. */
  readonly readyChangedSecondsAgo?: number | null | undefined;
  readonly sampleSecondsAgo?: number | null | undefined;
  /** What it has reserved, in the unit of the samples; for each metric where they differ. */
  readonly request?: number | Readonly<Record<string, number>> | undefined;
  /** By name of the metric; what is no finite number is missing. */
  readonly samples?: Readonly<Record<string, number | string | null>> | undefined;
}

/**
 * The result of a query: a number, `null` or nothing for an empty result, `error` for a query that failed (also of a
 * metric for each task), any other text for what is no finite number.
 */
export type Scalar = number | string | null;

/** Everything that is known about a service at one look. Times are seconds. */
export interface Observation {
  /** Seconds since 1970; later than at the look before. */
  readonly at: number;
  /** The count of replicas that the spec of the service asks for. */
  readonly current: number;
  readonly tasks?: readonly Task[] | undefined;
  readonly scalar?: Readonly<Record<string, Scalar>> | undefined;
  /** Tasks that run and are ready; only used where `tasks` is not given. Default `current`. */
  readonly ready?: number | undefined;
  /** Only `replicated` services have a count. */
  readonly mode?: string | undefined;
  /**
   * How an update of the service goes: `guarded` may be rolled back by Swarm, so its spec must stay; `halted` waits for
   * somebody.
   */
  readonly update?: 'none' | 'rolling' | 'guarded' | 'halted' | undefined;
  readonly paused?: boolean | undefined;
  /** Paused at this count. */
  readonly pausedReplicas?: number | undefined;
  readonly pauseUp?: boolean | undefined;
  readonly pauseDown?: boolean | undefined;
  readonly forceActive?: boolean | undefined;
}
