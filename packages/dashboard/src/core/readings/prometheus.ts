import { z } from 'zod/v3';

const labels = z.record(z.string());

/** `/api/v1/targets?state=active`. */
export const TargetsAnswer = z.object({
  data: z.object({
    activeTargets: z.array(
      z.object({
        labels,
        scrapeUrl: z.string(),
        health: z.string(),
        lastError: z.string().default(''),
      }),
    ),
  }),
});

/** `/api/v1/rules?type=alert`. */
export const RulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            name: z.string(),
            query: z.string(),
            duration: z.number().default(0),
            state: z.string().default('inactive'),
            health: z.string().default('unknown'),
            lastError: z.string().default(''),
            labels: labels.default({}),
            alerts: z
              .array(z.object({ state: z.string(), activeAt: z.string().optional(), value: z.string() }))
              .default([]),
          }),
        ),
      }),
    ),
  }),
});

const Sample = z.tuple([z.number(), z.string()]);

/** `/api/v1/query` with a vector. */
export const VectorAnswer = z.object({
  data: z.object({ result: z.array(z.object({ metric: labels, value: Sample })) }),
});

/** `/api/v1/query_range`. */
export const MatrixAnswer = z.object({
  data: z.object({ result: z.array(z.object({ metric: labels, values: z.array(Sample) })) }),
});

export interface Target {
  readonly url: string;
  readonly health: string;
  readonly lastError: string;
}

/** An alerting rule as Prometheus evaluates it. */
export interface Rule {
  readonly name: string;
  readonly service: string | undefined;
  readonly expression: string;
  readonly forSeconds: number;
  readonly state: string;
  readonly error: string;
  readonly activeAt?: string;
  readonly value?: string;
}

/** What the proxy and the service itself measure of its requests; absent where nobody does. */
export interface Traffic {
  requestsPerSecond?: number;
  errorsPerSecond?: number;
  meanSeconds?: number;
  longestSeconds?: number;
  p95Seconds?: number;
}

export interface PrometheusPiece {
  readonly targets: readonly Target[];
  readonly traffic: Readonly<Traffic>;
}

/** What the programs measure of themselves. */
export interface LoopFigures {
  readonly proxyLastGoodAtMs?: number;
  readonly monitorInstallP95Seconds?: number;
}

export interface PrometheusReading {
  readonly services: ReadonlyMap<string, PrometheusPiece>;
  /** By name. */
  readonly rules: ReadonlyMap<string, Rule>;
  readonly loop: LoopFigures;
}
