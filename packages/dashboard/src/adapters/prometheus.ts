import type { z } from 'zod/v3';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import { alertSpans, alertsQuery, stepSeconds, type Range } from '../core/detail/timeline.js';
import { MatrixAnswer, RulesAnswer, TargetsAnswer, VectorAnswer } from '../core/readings/prometheus.js';
import { prometheusReading, QUERIES, type QueryName } from '../core/readings/prometheus-reading.js';
import { withoutTimes } from '../core/readings/without-times.js';
import type { ServiceHistory, Source } from '../ports.js';
import { getJson, getText, readJson } from './get-json.js';

/** Asks Prometheus for targets, rules, and what is measured of all services at once. */
export function createPrometheusSource(http: HttpClient, address: string): Source<'prometheus'> {
  const names = Object.keys(QUERIES) as QueryName[];
  const targets = rememberedQuestion(http, `${address}/api/v1/targets?state=active`, TargetsAnswer);
  const rules = rememberedQuestion(http, `${address}/api/v1/rules?type=alert`, RulesAnswer);
  const vectors = names.map((name) =>
    rememberedQuestion(http, queryUrl(address, QUERIES[name]), VectorAnswer),
  );
  let last: readonly unknown[] = [];
  return {
    name: 'prometheus',
    async read(signal) {
      const [ofTargets, ofRules, ...ofQueries] = await Promise.all([
        targets(signal),
        rules(signal),
        ...vectors.map((ask) => ask(signal)),
      ]);
      const answers = [ofTargets, ofRules, ...ofQueries];
      if (answers.length === last.length && answers.every((answer, i) => answer === last[i]))
        return 'unchanged';
      const byName = Object.fromEntries(names.map((name, i) => [name, ofQueries[i]]));
      const reading = prometheusReading({ targets: ofTargets, rules: ofRules, vectors: byName });
      last = answers;
      return reading;
    },
  };
}

/**
 * A question that is asked again and again. An answer that differs from the last one by times alone is not read: the same
 * object comes back. Values are new after a scrape and rules after an evaluation, which is seldom every two seconds.
 */
function rememberedQuestion<S extends z.ZodTypeAny>(
  http: HttpClient,
  url: string,
  schema: S,
): (signal: AbortSignal) => Promise<z.output<S>> {
  let last: { readonly text: string; readonly answer: z.output<S> } | undefined;
  return async (signal) => {
    const whole = await getText(http, url, signal);
    const text = withoutTimes(whole);
    if (last?.text !== text) last = { text, answer: readJson(whole, schema, url) };
    return last.answer;
  };
}

/** Asks Prometheus about one service over time. */
export function createServiceHistory(http: HttpClient, address: string): ServiceHistory {
  async function matrix(query: string, range: Range, toMs: number): Promise<z.infer<typeof MatrixAnswer>> {
    const end = toMs / 1_000;
    const step = String(stepSeconds(range));
    const search = new URLSearchParams({ query, start: String(end - range), end: String(end), step });
    return getJson(http, `${address}/api/v1/query_range?${search.toString()}`, MatrixAnswer);
  }
  return {
    async series(queries, range, toMs) {
      return Promise.all(
        queries.map(async ({ name, query }) => {
          const [first] = (await matrix(query, range, toMs)).data.result;
          const points = (first?.values ?? []).map(([at, value]): [number, number] => [at, Number(value)]);
          return { name, points: points.filter(([, value]) => Number.isFinite(value)) };
        }),
      );
    },
    async alerts(rules, range, toMs) {
      const query = alertsQuery(rules);
      if (query === undefined) return [];
      const { data } = await matrix(query, range, toMs);
      const series = data.result.map(({ metric, values }) => ({
        name: metric['alertname'] ?? '',
        state: metric['alertstate'] ?? '',
        at: values.map(([at]) => at),
      }));
      return alertSpans(series, stepSeconds(range));
    },
    async servers(service) {
      const name = service.replace(/[^A-Za-z0-9_-]/g, (char) => `\\\\${char}`);
      const query = `haproxy_server_status{proxy=~"(https-)?${name}-be[0-9]+_[0-9]+"} == 1`;
      const { data } = await getJson(http, queryUrl(address, query), VectorAnswer);
      return data.result.map(({ metric }) => ({
        backend: metric['proxy'] ?? '',
        server: metric['server'] ?? '',
        state: metric['state'] ?? '',
      }));
    },
  };
}

function queryUrl(address: string, query: string): string {
  return `${address}/api/v1/query?${new URLSearchParams({ query }).toString()}`;
}
