import { readPrometheusDuration } from '@docker-flow/labels';

/** The metric label by which the series of a shortcut belong to tasks or services. */
export type JoinedBy = 'task' | 'service' | 'job';

/** An expression for all services at once: one series for each task or service, by one metric label. */
export interface BatchQuery {
  readonly expression: string;
  readonly by: JoinedBy;
  /** Name of that metric label. */
  readonly label: string;
}

/** What may stand in `com.df.scaleOn` in place of PromQL. */
export interface TargetShortcut {
  readonly name: string;
  /** `RANGE` or `QUANTILE`, as it is written behind the colon; absent: none is taken. */
  readonly parameter?: { readonly name: string; readonly default: string | undefined };
  readonly per: 'task' | 'service';
  /** What a percentage is one of. */
  readonly resource?: 'cpu' | 'memory';
  /** What a number is compared with unless `com.df.scaleTargetType` says it. */
  readonly type: 'averageValue' | 'value';
  readonly unit: string;
  readonly description: string;
  /** The expression for a value that `problemOf` has nothing against. */
  readonly query: (value: string | undefined) => BatchQuery;
  /** The range of the rate, in seconds; 0 when there is none. */
  readonly windowSeconds: (value: string | undefined) => number;
  /** What is wrong with a value, if anything. */
  readonly problemOf: (value: string) => string | undefined;
}

/** Of cAdvisor, for each container of a task. */
const TASK = 'container_label_com_docker_swarm_task_id';
const RANGE = { name: 'RANGE', default: '1m' };

function rangeProblem(value: string): string | undefined {
  const read = readPrometheusDuration(value);
  return read && read.ms >= 1_000 && read.ms <= 3_600_000 ? undefined : 'is not a range from 1s to 1h';
}

function rangeSeconds(value = RANGE.default): number {
  return (readPrometheusDuration(value)?.ms ?? 60_000) / 1_000;
}

/**
 * Series of HAProxy under the name of their backend: its own exporter calls it `proxy`, the exporter of old `backend`.
 * Where both are asked, one of them counts.
 */
function byBackend(own: string, exporter: string): string {
  return `(sum by (backend) (label_replace(${own}, "backend", "$1", "proxy", "(.+)")) or sum by (backend) (${exporter}))`;
}

/** The service that each backend belongs to; a backend that is just changing hands belongs to one of them. */
const OF_SERVICE =
  '* on (backend) group_left (service) topk by (backend) (1, max by (backend, service) (docker_flow_proxy_backend_info{version="stable"}))';

function requestRate(range: string): string {
  return byBackend(
    `rate(haproxy_backend_http_requests_total{proxy!=""}[${range}])`,
    `rate(haproxy_backend_http_responses_total{backend!="",proxy=""}[${range}])`,
  );
}

/** The mean of the proxy's last requests, weighted by their rate; 0 where there are none, since HAProxy keeps its last mean. */
function meanResponseTime(): string {
  const weighted = (time: string, rate: string, label: string) =>
    `${time}{${label}} * on (instance, job, ${label.startsWith('proxy') ? 'proxy' : 'backend'}) sum by (instance, job, ${label.startsWith('proxy') ? 'proxy' : 'backend'}) (rate(${rate}{${label}}[1m]))`;
  const spent = byBackend(
    weighted(
      'haproxy_backend_response_time_average_seconds',
      'haproxy_backend_http_requests_total',
      'proxy!=""',
    ),
    weighted(
      'haproxy_backend_http_response_time_average_seconds',
      'haproxy_backend_http_responses_total',
      'backend!="",proxy=""',
    ),
  );
  const sumOf = (what: string) => `sum by (service) (${what} ${OF_SERVICE})`;
  return `(${sumOf(spent)} / (${sumOf(requestRate('1m'))} > 0)) or (${sumOf(requestRate('1m'))} * 0)`;
}

/** The quantile of what services measure themselves; 0 where nothing was measured. */
function quantile(value: string): string {
  const buckets = 'sum by (job, le) (rate(http_server_resp_time_bucket[1m]))';
  return `(histogram_quantile(${value}, ${buckets}) >= 0) or (sum by (job) (rate(http_server_resp_time_bucket{le="+Inf"}[1m])) * 0)`;
}

function noProblem(): undefined {
  return undefined;
}

/** All of them, in the order of the documentation. */
export const TARGET_SHORTCUTS: readonly TargetShortcut[] = [
  {
    name: '@cpu',
    parameter: RANGE,
    per: 'task',
    resource: 'cpu',
    type: 'averageValue',
    unit: 'cores',
    description: 'CPU that each task uses, as cAdvisor measures it; RANGE is that of the rate',
    query: (range = RANGE.default) => ({
      expression: `sum by (${TASK}) (rate(container_cpu_usage_seconds_total{${TASK}!=""}[${range}]))`,
      by: 'task',
      label: TASK,
    }),
    windowSeconds: rangeSeconds,
    problemOf: rangeProblem,
  },
  {
    name: '@memory',
    per: 'task',
    resource: 'memory',
    type: 'averageValue',
    unit: 'bytes',
    description: 'memory that each task uses and cannot give back, as cAdvisor measures it',
    query: () => ({
      expression: `sum by (${TASK}) (container_memory_working_set_bytes{${TASK}!=""})`,
      by: 'task',
      label: TASK,
    }),
    windowSeconds: () => 0,
    problemOf: noProblem,
  },
  {
    name: '@requests',
    parameter: RANGE,
    per: 'service',
    type: 'averageValue',
    unit: 'requests a second',
    description: 'requests a second that the proxy gets for the service; RANGE is that of the rate',
    query: (range = RANGE.default) => ({
      expression: `sum by (service) (${requestRate(range)} ${OF_SERVICE})`,
      by: 'service',
      label: 'service',
    }),
    windowSeconds: rangeSeconds,
    problemOf: rangeProblem,
  },
  {
    name: '@connections',
    per: 'service',
    type: 'averageValue',
    unit: 'connections',
    description: 'connections that the proxy holds for the service',
    query: () => ({
      expression: `sum by (service) (${byBackend('haproxy_backend_current_sessions{proxy!=""}', 'haproxy_backend_current_sessions{backend!="",proxy=""}')} ${OF_SERVICE})`,
      by: 'service',
      label: 'service',
    }),
    windowSeconds: () => 0,
    problemOf: noProblem,
  },
  {
    name: '@response_time',
    parameter: { name: 'QUANTILE', default: undefined },
    per: 'service',
    type: 'value',
    unit: 'seconds',
    description:
      'mean response time that the proxy measures; with QUANTILE, that quantile of the histogram `http_server_resp_time` of the service itself, which needs `scrapePort`',
    query: (value) =>
      value === undefined
        ? { expression: meanResponseTime(), by: 'service', label: 'service' }
        : { expression: quantile(value), by: 'job', label: 'job' },
    windowSeconds: () => 60,
    problemOf: (value) =>
      /^0?\.[0-9]{1,6}$/.test(value) && Number(value) > 0
        ? undefined
        : 'is not a quantile between 0 and 1, such as 0.95',
  },
];

/** A shortcut with its value, or what is wrong; `undefined` for what is PromQL. */
export function readTargetShortcut(
  text: string,
):
  | { readonly shortcut: TargetShortcut; readonly value: string | undefined }
  | { readonly problem: string; readonly expected: string }
  | undefined {
  if (!text.startsWith('@')) return undefined;
  const [name = '', value, ...more] = text.split(':');
  const shortcut = TARGET_SHORTCUTS.find((one) => one.name === name);
  if (!shortcut) {
    return {
      problem: 'is no shortcut for scaling',
      expected: TARGET_SHORTCUTS.map((one) => one.name).join(', '),
    };
  }
  const form = shortcut.parameter ? `${name}[:${shortcut.parameter.name}]` : name;
  if (value === undefined) return { shortcut, value: undefined };
  if (!shortcut.parameter || more.length > 0) return { problem: 'has a value too many', expected: form };
  const problem = shortcut.problemOf(value);
  return problem === undefined
    ? { shortcut, value }
    : { problem: `has a value that ${problem}`, expected: form };
}
