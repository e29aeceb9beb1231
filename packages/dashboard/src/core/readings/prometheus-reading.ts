import type { z } from 'zod/v3';
import type {
  LoopFigures,
  PrometheusPiece,
  PrometheusReading,
  Rule,
  RulesAnswer,
  Target,
  TargetsAnswer,
  Traffic,
  VectorAnswer,
} from './prometheus.js';

export interface PrometheusAnswers {
  readonly targets: z.infer<typeof TargetsAnswer>;
  readonly rules: z.infer<typeof RulesAnswer>;
  /** Answers by the names of {@link QUERIES}; one that is missing is not known. */
  readonly vectors: Readonly<Partial<Record<QueryName, z.infer<typeof VectorAnswer>>>>;
}

const RATE_WINDOW = '1m';
/** Of HAProxy's own exporter, or of the separate one of old with its label `backend`. */
const BACKEND = 'proxy, backend';

/** What is asked at every reading, for all services at once. */
export const QUERIES = {
  requests: `sum by (${BACKEND}) (rate(haproxy_backend_http_responses_total[${RATE_WINDOW}]))`,
  errors: `sum by (${BACKEND}) (rate(haproxy_backend_http_responses_total{code="5xx"}[${RATE_WINDOW}]))`,
  mean: `max by (${BACKEND}) (haproxy_backend_response_time_average_seconds or haproxy_backend_http_response_time_average_seconds)`,
  longest: `max by (${BACKEND}) (haproxy_backend_max_response_time_seconds)`,
  p95: 'histogram_quantile(0.95, sum by (job, le) (rate(http_server_resp_time_bucket[5m])))',
  proxyLastGood: 'min(docker_flow_proxy_last_success_timestamp_seconds)',
  monitorInstall:
    'histogram_quantile(0.95, sum by (le) (rate(docker_flow_monitor_install_seconds_bucket[1h])))',
} as const;
export type QueryName = keyof typeof QUERIES;

/** Names of backends of the proxy: `web-be8080_1`, with `https-web-be8443_1` beside it. */
export function serviceOfBackend(backend: string): string | undefined {
  return /^(?:https-)?(.+)-be[0-9]+_[0-9]+$/.exec(backend)?.[1];
}

export function prometheusReading({ targets, rules, vectors }: PrometheusAnswers): PrometheusReading {
  const services = new Map<string, { targets: Target[]; traffic: Traffic }>();
  const pieceOf = (service: string) => {
    let piece = services.get(service);
    if (piece === undefined) services.set(service, (piece = { targets: [], traffic: {} }));
    return piece;
  };
  for (const { labels, scrapeUrl, health, lastError } of targets.data.activeTargets)
    pieceOf(labels['service'] ?? labels['job'] ?? '').targets.push({ url: scrapeUrl, health, lastError });
  for (const piece of services.values()) piece.targets.sort((a, b) => (a.url < b.url ? -1 : 1));

  const add = (query: QueryName, field: keyof Traffic, join: (a: number, b: number) => number) => {
    for (const [service, number] of byService(vectors[query]?.data.result ?? [], join))
      pieceOf(service).traffic[field] = roundTo3(number);
  };
  add('requests', 'requestsPerSecond', (a, b) => a + b);
  add('errors', 'errorsPerSecond', (a, b) => a + b);
  add('mean', 'meanSeconds', Math.max);
  add('longest', 'longestSeconds', Math.max);
  add('p95', 'p95Seconds', Math.max);
  return { services, rules: rulesByName(rules), loop: loopFigures(vectors) };
}

type Samples = z.infer<typeof VectorAnswer>['data']['result'];

/** Values of all backends of each service. Where both exporters of a proxy are scraped, HAProxy's own counts: else all would be there twice. */
function byService(samples: Samples, join: (a: number, b: number) => number): ReadonlyMap<string, number> {
  const found = new Map<string, { readonly number: number; readonly isOfOld: boolean }>();
  for (const { metric, value } of samples) {
    const number = readNumber(value[1]);
    const service = serviceOfBackend(metric['proxy'] ?? metric['backend'] ?? '') ?? metric['job'];
    if (number === undefined || service === undefined) continue;
    const isOfOld = metric['proxy'] === undefined && metric['backend'] !== undefined;
    const last = found.get(service);
    if (last === undefined || (last.isOfOld && !isOfOld)) found.set(service, { number, isOfOld });
    else if (last.isOfOld === isOfOld) found.set(service, { number: join(last.number, number), isOfOld });
  }
  return new Map([...found].map(([service, { number }]) => [service, number]));
}

function rulesByName(answer: PrometheusAnswers['rules']): ReadonlyMap<string, Rule> {
  return new Map(
    answer.data.groups.flatMap(({ rules }) =>
      rules.map((rule): [string, Rule] => {
        const [first] = rule.alerts.filter(({ state }) => state === rule.state);
        return [
          rule.name,
          {
            name: rule.name,
            service: rule.labels['service'],
            expression: rule.query,
            forSeconds: rule.duration,
            state: rule.state,
            error: rule.lastError,
            ...(first === undefined ? {} : { value: shortNumber(first.value) }),
            ...(first?.activeAt === undefined ? {} : { activeAt: first.activeAt }),
          },
        ];
      }),
    ),
  );
}

function loopFigures(vectors: PrometheusAnswers['vectors']): LoopFigures {
  const first = (query: QueryName) => readNumber(vectors[query]?.data.result[0]?.value[1]);
  const goodAt = first('proxyLastGood');
  const install = first('monitorInstall');
  return {
    ...(goodAt === undefined ? {} : { proxyLastGoodAtMs: goodAt * 1_000 }),
    ...(install === undefined ? {} : { monitorInstallP95Seconds: roundTo3(install) }),
  };
}

/** `undefined` for what is no number, such as the quantile of nothing. */
function readNumber(text: string | undefined): number | undefined {
  const number = Number(text);
  return text === undefined || !Number.isFinite(number) ? undefined : number;
}

/** More digits would be a change at every reading. */
function roundTo3(number: number): number {
  return Number(number.toPrecision(3));
}

function shortNumber(text: string): string {
  const number = readNumber(text);
  return number === undefined ? text : String(roundTo3(number));
}

export type { PrometheusPiece };
