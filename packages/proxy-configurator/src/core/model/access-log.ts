import { line, type Line } from './directives.js';

/** One line of JSON for each request, on standard output. */
export interface AccessLog {
  /** One request of so many is logged. */
  readonly oneOf: number;
}

/** What a client may call its request; anything else gets an id of ours. */
const REQUEST_ID = '^[A-Za-z0-9._:-]{1,128}$';

/** Texts that clients choose are written as JSON writes them, so that none can forge a field or a line. */
function text(expression: string): string {
  return `"%[${expression},json(utf8s)]"`;
}

/** Times are milliseconds, -1 where the request did not come so far. */
const FIELDS: Readonly<Record<string, string>> = {
  timestamp: '%Ts.%ms',
  type: '"access"',
  proxy: '"%H"',
  service: text('var(txn.df_service)'),
  route: '"%b"',
  replica: '"%s"',
  replicaAddress: '"%si:%sp"',
  client: '"%ci"',
  entryPort: '%fp',
  method: text('capture.req.method'),
  host: text('var(txn.df_host)'),
  uri: text('capture.req.uri'),
  status: '%ST',
  bytes: '%B',
  requestMs: '%TR',
  queueMs: '%Tw',
  connectMs: '%Tc',
  responseMs: '%Tr',
  totalMs: '%Ta',
  retries: '"%rc"',
  termination: '"%tsc"',
  requestId: text('var(txn.df_request_id)'),
  traceparent: text('var(txn.df_traceparent)'),
};

/**
 * Lines of the main frontend. Each request gets an `X-Request-Id` unless it brings one, the service and the
 * client are told of it, and the line names it; a `traceparent` passes as it is.
 */
export function accessLogLines(log: AccessLog | undefined): readonly Line[] {
  if (!log) return [];
  const sample = log.oneOf > 1 ? ['sample', `1:${log.oneOf}`] : [];
  const json = Object.entries(FIELDS).map(([name, value]) => `"${name}":${value}`);
  return [
    line('log', 'stdout', 'len', '8192', 'format', 'raw', ...sample, 'local0'),
    line('no', 'option', 'dontlog-normal'),
    line('log-format', `{${json.join(',')}}`),
    line('unique-id-format', '%[uuid()]'),
    line(
      ...['http-request', 'set-header', 'X-Request-Id', '%[unique-id]', 'unless'],
      ...['{', 'req.hdr(X-Request-Id)', '-m', 'reg', REQUEST_ID, '}'],
    ),
    line('http-request', 'set-var(txn.df_request_id)', 'req.hdr(X-Request-Id)'),
    line('http-request', 'set-var(txn.df_traceparent)', 'req.hdr(traceparent)'),
    line('http-request', 'set-var(txn.df_host)', 'req.hdr(host)'),
    line(
      ...['http-after-response', 'set-header', 'X-Request-Id', '%[var(txn.df_request_id)]', 'if'],
      ...['{', 'var(txn.df_request_id)', '-m', 'found', '}'],
    ),
  ];
}

/** The line of a backend that names its service. */
export function accessLogService(log: AccessLog | undefined, service: string): readonly Line[] {
  return log ? [line('http-request', 'set-var(txn.df_service)', `str(${service})`)] : [];
}
