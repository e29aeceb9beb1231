import { compression, connectionMode } from '../backends/http-backend.js';
import { line, raw, writtenFrom, type Line, type Section } from '../model/directives.js';
import type { Settings, Statistics } from '../model/settings.js';
import { workerLines } from '../model/worker-lines.js';

export const ERROR_CODES = ['400', '403', '405', '408', '429', '500', '502', '503', '504'] as const;

/** Process-wide settings: pid file, admin socket, TLS defaults, limits for old workers. */
export function globalSection(settings: Settings): Section {
  const { paths, extraGlobal, debug } = settings;
  return {
    keyword: 'global',
    lines: [
      ...essentialGlobalLines(settings),
      ...workerLines(settings),
      line('pidfile', paths.pidFile),
      line('tune.ssl.default-dh-param', '2048'),
      ...writtenFrom('EXTRA_GLOBAL', extraGlobal.map(raw)),
      ...(debug.on ? [line('log', '127.0.0.1:1514', 'local0')] : []),
      ...writtenFrom('SSL_BIND_OPTIONS', [raw(`ssl-default-bind-options ${settings.sslBindOptions}`)]),
      ...writtenFrom('SSL_BIND_CIPHERS', [raw(`ssl-default-bind-ciphers ${settings.sslBindCiphers}`)]),
      ...writtenFrom('SSL_BIND_OPTIONS', [raw(`ssl-default-server-options ${settings.sslBindOptions}`)]),
      ...writtenFrom('SSL_BIND_CIPHERS', [raw(`ssl-default-server-ciphers ${settings.sslBindCiphers}`)]),
    ],
  };
}

/** What `global` must hold even when the operator has a main template of his own. */
export function essentialGlobalLines(settings: Settings): readonly Line[] {
  const { paths } = settings;
  return [
    line('stats', 'socket', paths.adminSocket, 'mode', '600', 'level', 'admin', 'expose-fd', 'listeners'),
    ...writtenFrom('HARD_STOP_AFTER', [line('hard-stop-after', settings.hardStopAfter)]),
    ...writtenFrom('MAX_RELOADS', [line('mworker-max-reloads', String(settings.maxReloads))]),
    ...httpClientTrust(settings),
  ];
}

/**
 * HAProxy's own HTTP client (Lua, OCSP) is not used here, but for its sake HAProxy reads all CA certificates
 * of the system at each start: 25 of 40 ms. With one that signs nothing it does not, and trusts nobody.
 * An operator who uses Lua says `httpclient.ssl.ca-file` himself.
 */
function httpClientTrust({ paths, extraGlobal }: Settings): readonly Line[] {
  const used = extraGlobal.some((text) => /^\s*(?:httpclient\.|lua-|ocsp-update)/.test(text));
  return used ? [] : [line('httpclient.ssl.ca-file', paths.standInCertificate)];
}

/** Docker's resolver, unless the operator names others. */
export function resolversSection({ resolvers }: Settings): Section {
  const has = (keyword: RegExp) => resolvers.some((text) => keyword.test(text.trim()));
  return {
    keyword: 'resolvers',
    name: 'docker',
    lines: [
      ...writtenFrom('RESOLVERS', resolvers.map(raw)),
      // Sixteen tasks do not fit into the 512 bytes of plain DNS.
      ...(has(/^accepted_payload_size\b/) ? [] : [line('accepted_payload_size', '8192')]),
      // A task's record goes two seconds before the task is told to stop.
      ...(has(/^hold +valid\b/) ? [] : [line('hold', 'valid', '1s')]),
    ],
  };
}

export function defaultsSection(settings: Settings): Section {
  const { timeouts: t, debug, paths } = settings;
  return {
    keyword: 'defaults',
    lines: [
      line('mode', 'http'),
      line('balance', 'roundrobin'),
      ...extraDefaults(),
      ...writtenFrom(
        'COMPRESSION_ALGO, COMPRESSION_TYPE',
        compression(words(settings.compressionAlgo), words(settings.compressionType)),
      ),
      ...(debug.on ? [] : [line('option', 'dontlognull')]),
      ...(debug.on && !debug.errorsOnly ? [] : [line('option', 'dontlog-normal')]),
      ...writtenFrom('CONNECTION_MODE', connectionMode(settings.connectionMode)),
      // Where a server cannot be reached the next try is at another one: a task that has gone may be known for seconds yet,
      // and each try takes the whole time to connect.
      line('option', 'redispatch', '1'),
      // A reload must not close a kept-alive connection on which the client is just sending a request.
      line('option', 'idle-close-on-response'),
      ...ERROR_CODES.map((code) => line('errorfile', code, `${paths.errorFiles}/${code}.http`)),
      line('maxconn', '5000'),
      line('timeout', 'connect', `${t.connect}s`),
      line('timeout', 'client', `${t.client}s`),
      line('timeout', 'server', `${t.server}s`),
      line('timeout', 'queue', `${t.queue}s`),
      line('timeout', 'tunnel', `${t.tunnel}s`),
      line('timeout', 'http-request', `${t.httpRequest}s`),
      line('timeout', 'http-keep-alive', `${t.httpKeepAlive}s`),
    ],
  };
}

/** What the file says of all servers: a name in a raw line or template that leads nowhere costs its own server only. */
export const OWN_SERVER_DEFAULTS = ['default-server', 'init-addr', 'last,libc,none'] as const;

export function extraDefaults(): readonly Line[] {
  return [line(...OWN_SERVER_DEFAULTS)];
}

function words(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** The statistics page, without a place to live. */
export function statisticsLines({ uri, credentials }: Statistics): readonly Line[] {
  return writtenFrom('STATS_URI, STATS_USER, STATS_PASS', [
    line('stats', 'enable'),
    line('stats', 'refresh', '30s'),
    line('stats', 'realm', 'Strictly Private'),
    line('stats', 'uri', uri),
    ...(credentials ? [line('stats', 'auth', `${credentials.user}:${credentials.password}`)] : []),
  ]);
}

/** The page on a port of its own. */
export function statisticsSection(statistics: Statistics): Section {
  return {
    keyword: 'listen',
    name: 'stats',
    lines: [
      ...writtenFrom('STATS_PORT', [line('bind', `*:${statistics.port ?? 80}`)]),
      line('mode', 'http'),
      ...statisticsLines(statistics),
    ],
  };
}

/** HAProxy's own Prometheus exporter, on a socket that only this program reads. */
export function exporterSection({ paths }: Settings): Section {
  return {
    keyword: 'frontend',
    name: 'prometheus-exporter',
    lines: [
      line('bind', `unix@${paths.exporterSocket}`, 'mode', '600'),
      line('mode', 'http'),
      line('option', 'dontlog-normal'),
      line('http-request', 'use-service', 'prometheus-exporter'),
    ],
  };
}
