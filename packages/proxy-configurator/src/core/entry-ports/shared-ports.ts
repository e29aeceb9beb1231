import { line, raw, type Line, type Section } from '../model/directives.js';
import type { BindPort, ConfigPaths, Settings } from '../model/settings.js';
import { tlsBindOptions } from './tls-bind-options.js';

/**
 * An entry port that sni destinations share with another section. Their frontend has the port: it lets TLS with their
 * names pass and sends all else on, over a socket, with the addresses of the connection in front (PROXY protocol), so
 * that the other section sees what it would see on a port of its own.
 */
function socketOf({ entrySocket }: ConfigPaths, port: number): string {
  return `${entrySocket}-${port}.sock`;
}

/** Where a section behind the names of sni destinations listens. */
export function bindBehindNames(port: number, { paths }: Pick<Settings, 'paths'>): readonly string[] {
  return ['bind', `unix@${socketOf(paths, port)}`, 'mode', '600', 'accept-proxy'];
}

/** The backend that sends on what has none of the names. */
export function otherwiseBackendName(port: number): string {
  return `entry_${port}`;
}

/** Longer than any connection is idle: the section behind it has the time-outs that count. */
const NO_TIMEOUT = '24h';

export function otherwiseBackend(port: number, { paths }: Pick<Settings, 'paths'>): Section {
  return {
    keyword: 'backend',
    name: otherwiseBackendName(port),
    lines: [
      line('mode', 'tcp'),
      line('timeout', 'server', NO_TIMEOUT),
      line('timeout', 'tunnel', NO_TIMEOUT),
      line('server', otherwiseBackendName(port), `unix@${socketOf(paths, port)}`, 'send-proxy-v2'),
    ],
  };
}

/** Options of `bind` that are about the connection of the client, with their numbers of arguments. */
const CONNECTION_OPTIONS: ReadonlyMap<string, number> = new Map([
  ...['accept-proxy', 'defer-accept', 'tfo', 'transparent', 'v4v6', 'v6only'].map(
    (name) => [name, 0] as const,
  ),
  ...[
    ...['accept-netscaler-cip', 'backlog', 'interface', 'maxconn', 'mss', 'namespace', 'nbconn', 'nice'],
    ...['process', 'shards', 'tcp-md5sig', 'tcp-ut', 'thread', 'cc'],
  ].map((name) => [name, 1] as const),
]);

interface SplitBind {
  /** Belongs to the port itself, whoever listens on it. */
  readonly connection: readonly string[];
  /** Belongs to the one who speaks http there, such as TLS. */
  readonly http: readonly string[];
}

function splitBind({ text }: BindPort, settings: Settings): SplitBind {
  const words = text
    .replaceAll(':ssl', ` ${tlsBindOptions(settings)}`)
    .split(/\s+/)
    .slice(1);
  const split = { connection: [] as string[], http: [] as string[] };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const count = CONNECTION_OPTIONS.get(word);
    if (count === undefined) split.http.push(word);
    else split.connection.push(word, ...words.slice(at + 1, at + 1 + count));
    at += count ?? 0;
  }
  return split;
}

/** `bind` of the http frontend for a port of the operator. */
export function httpBind(bind: BindPort, settings: Settings, namedPorts: ReadonlySet<number>): Line {
  const { port, text } = bind;
  if (port === undefined || !namedPorts.has(port))
    return raw(`bind *:${text.replaceAll(':ssl', ` ${tlsBindOptions(settings)}`)}`);
  return raw([...bindBehindNames(port, settings), ...splitBind(bind, settings).http].join(' '));
}

/** `bind` of the sni frontend on a port of the operator. */
export function namesBind(bind: BindPort, settings: Settings): readonly Line[] {
  const { connection } = splitBind(bind, settings);
  return [
    raw([`bind *:${bind.port ?? ''}`, ...connection].join(' ')),
    ...proxyHeaderLines(settings.extraFrontend).map(raw),
  ];
}

const CONNECTION_RULE = /^tcp-request\s+connection\s+/;
const PROXY_HEADER_RULE = /^tcp-request\s+connection\s+expect-/;

/** Who in front sends a PROXY header is told where the connection arrives. */
function proxyHeaderLines(extraFrontend: readonly string[]): readonly string[] {
  const rules = extraFrontend.filter((text) => PROXY_HEADER_RULE.test(text));
  const words = new Set(rules.flatMap((text) => text.split(/[\s!]+/)));
  const acls = extraFrontend.filter((text) => {
    const [, name = ''] = /^acl\s+(\S+)/.exec(text) ?? [];
    return words.has(name);
  });
  return [...acls, ...rules];
}

/** Lines of EXTRA_FRONTEND for connections that come over the socket: their client is known after the PROXY header only. */
export function forPassedConnections(extraFrontend: readonly string[]): readonly string[] {
  return extraFrontend.map((text) =>
    CONNECTION_RULE.test(text) && !PROXY_HEADER_RULE.test(text)
      ? text.replace(CONNECTION_RULE, 'tcp-request session ')
      : text,
  );
}
