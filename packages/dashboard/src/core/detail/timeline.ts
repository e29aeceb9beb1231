import type { Pieces, SourceName } from '../readings/readings.js';
import type { Decision, ReplicaPoint } from '../readings/scaler.js';

/** Ranges that can be looked at, in seconds. */
export const RANGES = [900, 3_600, 21_600, 86_400] as const;
export type Range = (typeof RANGES)[number];

const POINTS = 180;

export interface Series {
  readonly name: string;
  /** Seconds since 1970 and values, in order of time. */
  readonly points: readonly (readonly [atSeconds: number, value: number])[];
}

export interface AlertSpan {
  readonly name: string;
  readonly state: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One service over time. */
export interface Timeline {
  readonly fromMs: number;
  readonly toMs: number;
  readonly min?: number;
  readonly max?: number;
  readonly replicas: readonly ReplicaPoint[];
  readonly series: readonly Series[];
  /** What it is scaled on, measured by its target: 1 is as it should be. */
  readonly loads: readonly Series[];
  readonly alerts: readonly AlertSpan[];
  readonly decisions: readonly Decision[];
  /** Who was asked and did not answer: replicas are missing without the scaler, all that is measured without Prometheus. */
  readonly unanswered: readonly SourceName[];
}

/** A query over time. */
export interface RangeQuery {
  readonly name: string;
  readonly query: string;
}

export function stepSeconds(range: Range): number {
  return Math.max(5, Math.round(range / POINTS));
}

/** The queries of a time line; `alerts` has one series for each alert and state. */
export function timelineQueries(service: string, range: Range): readonly RangeQuery[] {
  const window = `${Math.max(60, stepSeconds(range))}s`;
  // Names are letters, digits and _ . : [ ] -; two of them mean something in a regular expression.
  const name = service.replace(/[^A-Za-z0-9_-]/g, (char) => `\\\\${char}`);
  const proxy = `proxy=~"(https-)?${name}-be[0-9]+_[0-9]+"`;
  const backend = `backend=~"(https-)?${name}-be[0-9]+_[0-9]+"`;
  const both = (form: (matcher: string) => string) => `(${form(proxy)}) or (${form(backend)})`;
  const exact = JSON.stringify(service);
  return [
    {
      name: 'requests',
      query: both((of) => `sum(rate(haproxy_backend_http_responses_total{${of}}[${window}]))`),
    },
    {
      name: 'errors',
      query: both((of) => `sum(rate(haproxy_backend_http_responses_total{${of}, code="5xx"}[${window}]))`),
    },
    {
      name: 'mean',
      query: both((of) => `max(haproxy_backend_response_time_average_seconds{${of}})`),
    },
    {
      name: 'p95',
      query: `histogram_quantile(0.95, sum by (le) (rate(http_server_resp_time_bucket{job=${exact}}[${window}])))`,
    },
  ];
}

/** Alerts by the names of their rules. */
export function alertsQuery(rules: readonly string[]): string | undefined {
  if (rules.length === 0) return undefined;
  const names = rules.map((rule) => rule.replace(/[^A-Za-z0-9_]/g, (char) => `\\${char}`)).join('|');
  return `max by (alertname, alertstate) (ALERTS{alertname=~${JSON.stringify(names)}})`;
}

/** Stretches in which an alert was pending or firing; a gap longer than two steps ends one. */
export function alertSpans(
  series: readonly { readonly name: string; readonly state: string; readonly at: readonly number[] }[],
  step: number,
): readonly AlertSpan[] {
  return series.flatMap(({ name, state, at }) => {
    const spans: { name: string; state: string; fromMs: number; toMs: number }[] = [];
    for (const seconds of at) {
      const ms = seconds * 1_000;
      const last = spans.at(-1);
      if (last !== undefined && ms - last.toMs <= step * 2_000) last.toMs = ms;
      else spans.push({ name, state, fromMs: ms, toMs: ms });
    }
    return spans;
  });
}

export interface TimelineInput {
  readonly service: string;
  readonly pieces: Pieces;
  readonly decisions: readonly Decision[];
  readonly replicas: readonly ReplicaPoint[];
  readonly series: readonly Series[];
  readonly loads: readonly Series[];
  readonly alerts: readonly AlertSpan[];
  readonly unanswered: readonly SourceName[];
  readonly fromMs: number;
  readonly toMs: number;
}

export function buildTimeline(input: TimelineInput): Timeline {
  const { service, pieces, replicas, series, alerts, fromMs, toMs } = input;
  const scaled = pieces.scaler?.service;
  // The last count before the range still holds at its beginning.
  const first = replicas.findLastIndex(({ atMs }) => atMs <= fromMs);
  return {
    fromMs,
    toMs,
    ...(scaled === undefined ? {} : { min: scaled.min.value, max: scaled.max.value }),
    replicas: replicas.slice(Math.max(0, first)),
    series,
    loads: input.loads,
    alerts,
    decisions: input.decisions.filter((one) => one.service === service && one.lastAtMs >= fromMs),
    unanswered: input.unanswered,
  };
}
