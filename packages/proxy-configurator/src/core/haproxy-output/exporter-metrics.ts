import type { StatisticsRow } from './statistics-csv.js';

/** A gauge of the exporter the original had built in. */
export interface ExporterMetric {
  readonly name: string;
  readonly help: string;
  readonly column: string;
  /** Value of the metric label `code`, for the responses by class. */
  readonly code?: string;
}

const RESPONSES: readonly ExporterMetric[] = ['1xx', '2xx', '3xx', '4xx', '5xx', 'other'].map((code) => ({
  name: 'http_responses_total',
  help: 'Total of HTTP responses',
  column: `hrsp_${code}`,
  code,
}));

function metric(name: string, column: string, help: string): ExporterMetric {
  return { name, column, help };
}

const CURRENT_SESSIONS = metric('current_sessions', 'scur', 'Current number of active sessions');
const MAX_SESSIONS = metric('max_sessions', 'smax', 'Maximum observed number of active sessions');
const LIMIT_SESSIONS = metric('limit_sessions', 'slim', 'Configured session limit');
const CONNECTIONS = metric('connections_total', 'stot', 'Total number of connections');
const BYTES_IN = metric('bytes_in_total', 'bin', 'Current total of incoming bytes');
const BYTES_OUT = metric('bytes_out_total', 'bout', 'Current total of outgoing bytes');
const SESSION_RATE = metric('current_session_rate', 'rate', 'Current number of sessions per second');
const MAX_SESSION_RATE = metric(
  'max_session_rate',
  'rate_max',
  'Maximum observed number of sessions per second',
);
const CURRENT_QUEUE = metric('current_queue', 'qcur', 'Current number of queued requests');
const MAX_QUEUE = metric('max_queue', 'qmax', 'Maximum observed number of queued requests');
const ERRORS_AND_RETRIES = [
  metric('connection_errors_total', 'econ', 'Total of connection errors'),
  metric('response_errors_total', 'eresp', 'Total of response errors'),
  metric('retry_warnings_total', 'wretr', 'Total of retry warnings'),
  metric('redispatch_warnings_total', 'wredis', 'Total of redispatch warnings'),
];
const UP = metric('up', 'status', 'Whether it is up (1) or not (0)');
const WEIGHT = metric('weight', 'weight', 'Total weight of the servers');

/** Gauges by kind of row; the names are what people's alerts use. */
export const EXPORTER_METRICS: Readonly<Record<StatisticsRow['kind'], readonly ExporterMetric[]>> = {
  frontend: [
    CURRENT_SESSIONS,
    MAX_SESSIONS,
    LIMIT_SESSIONS,
    CONNECTIONS,
    BYTES_IN,
    BYTES_OUT,
    metric('requests_denied_total', 'dreq', 'Total of requests denied for security'),
    metric('request_errors_total', 'ereq', 'Total of request errors'),
    SESSION_RATE,
    metric('limit_session_rate', 'rate_lim', 'Configured limit on new sessions per second'),
    MAX_SESSION_RATE,
    ...RESPONSES,
    metric('http_requests_total', 'req_tot', 'Total HTTP requests'),
  ],
  backend: [
    CURRENT_QUEUE,
    MAX_QUEUE,
    CURRENT_SESSIONS,
    MAX_SESSIONS,
    LIMIT_SESSIONS,
    CONNECTIONS,
    BYTES_IN,
    BYTES_OUT,
    ...ERRORS_AND_RETRIES,
    UP,
    WEIGHT,
    SESSION_RATE,
    MAX_SESSION_RATE,
    ...RESPONSES,
  ],
  server: [
    CURRENT_QUEUE,
    MAX_QUEUE,
    CURRENT_SESSIONS,
    MAX_SESSIONS,
    LIMIT_SESSIONS,
    CONNECTIONS,
    BYTES_IN,
    BYTES_OUT,
    ...ERRORS_AND_RETRIES,
    UP,
    WEIGHT,
    SESSION_RATE,
    MAX_SESSION_RATE,
    ...RESPONSES,
    metric('check_failures_total', 'chkfail', 'Total number of failed health checks'),
    metric('downtime_seconds_total', 'downtime', 'Total downtime in seconds'),
    metric('check_duration_milliseconds', 'check_duration', 'Duration of the last health check'),
  ],
};

const IS_UP = new Set(['UP', 'UP 1/3', 'UP 2/3', 'OPEN', 'no check']);

/** The same with what lines of each begin and end with. */
const FAMILIES = new Map(
  Object.entries(EXPORTER_METRICS).map(([kind, metrics]) => [
    kind,
    metrics.map((one) => ({
      ...one,
      family: `haproxy_${kind}_${one.name}`,
      code: one.code === undefined ? '' : `,code="${one.code}"`,
    })),
  ]),
);

/** One line of Prometheus text for each cell that holds something. */
export function renderExporterMetrics(rows: readonly StatisticsRow[]): string {
  const families = new Map<string, { help: string; lines: string[] }>();
  for (const row of rows) {
    const labels = labelsOf(row);
    for (const one of FAMILIES.get(row.kind) ?? []) {
      const value = valueOf(one, row);
      if (value === undefined) continue;
      let family = families.get(one.family);
      if (!family) families.set(one.family, (family = { help: one.help, lines: [] }));
      family.lines.push(`${one.family}{${labels}${one.code}} ${value}`);
    }
  }
  return [...families]
    .map(([name, { help, lines }]) => `# HELP ${name} ${help}.\n# TYPE ${name} gauge\n${lines.join('\n')}\n`)
    .join('');
}

function valueOf({ column }: Pick<ExporterMetric, 'column'>, { cells }: StatisticsRow): string | undefined {
  const cell = cells.get(column);
  if (cell === undefined || cell === '') return undefined;
  if (column === 'status') return IS_UP.has(cell) ? '1' : '0';
  return /^-?[0-9]+(?:\.[0-9]+)?$/.test(cell) ? cell : undefined;
}

function labelsOf({ kind, proxy, server }: StatisticsRow): string {
  if (kind !== 'server') return `${kind}="${escapeLabelValue(proxy)}"`;
  return `backend="${escapeLabelValue(proxy)}",server="${escapeLabelValue(server)}"`;
}

function escapeLabelValue(value: string): string {
  return value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n');
}
