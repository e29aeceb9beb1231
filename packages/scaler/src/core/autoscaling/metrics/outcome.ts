/** What a metric says at one look: a count of replicas, or why it says nothing. */
export interface MetricOutcome {
  readonly name: string;
  readonly target: number;
  /** What was compared with the target: the mean of the tasks, a percentage, or the number of the service. */
  readonly value?: number;
  /** The count it asks for; absent when it has failed. */
  readonly proposal?: number;
  /** Why it has failed, as a clause. */
  readonly failed?: string;
  /** It has failed so often that the fallback speaks for it. */
  readonly isFallback?: boolean;
}

/** Value and proposal of a metric that could be read, or why not; without its name. */
export type Computed =
  | { readonly value: number; readonly proposal: number }
  | { readonly failed: string; readonly value?: number };

/** The two tolerances that hold for one metric. */
export interface BothTolerances {
  readonly up: number;
  readonly down: number;
}
