import { compareBytes, type ForwardAuth, type ProxyDestination } from '@docker-flow/labels';
import { line, type Section } from '../model/directives.js';
import type { Addresses, RoutedService } from '../model/routed-service.js';
import type { Lookup } from '../model/remember.js';
import type { Settings } from '../model/settings.js';
import { ownerOfSocket } from '../model/worker-lines.js';
import { followedServers } from './followed-host.js';

/** Where an auth server is. */
export interface AuthServer {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** The backend through which it is asked: `auth-<host>-<port>`. */
  readonly backend: string;
}

const DEFAULT_PORTS = { http: 80, https: 443 };

/** The server of a URL that labels have read. */
export function authServerOf({ url }: ForwardAuth): AuthServer {
  const [, scheme, authority = ''] = /^(https?):\/\/([^/?]*)/.exec(url) ?? [];
  const [, name = '', port] = /^(\[[^\]]*\]|[^:]*)(?::([0-9]+))?$/.exec(authority) ?? [];
  const host = name.replace(/^\[|\]$/g, '').toLowerCase();
  const tls = scheme === 'https';
  const number = port === undefined ? DEFAULT_PORTS[tls ? 'https' : 'http'] : Number(port);
  // Whoever asks one port with and without TLS has two servers there.
  const isOdd = tls ? number === DEFAULT_PORTS.http : number === DEFAULT_PORTS.https;
  return {
    host,
    port: number,
    tls,
    backend: `auth-${host}-${number}${isOdd ? `-${tls ? 'https' : 'http'}` : ''}`,
  };
}

/** Whether requests of a destination are asked about. */
export function asksAuthServer({ mode, auth, ignoreAuthorization }: ProxyDestination): boolean {
  return mode === 'http' && auth !== undefined && !ignoreAuthorization;
}

/** Hosts of auth servers that the destinations of a service ask. */
export function authHostsOf({ destinations }: RoutedService['service']): readonly string[] {
  const hosts = destinations.flatMap((one) =>
    one.auth && asksAuthServer(one) ? [authServerOf(one.auth).host] : [],
  );
  return [...new Set(hosts)];
}

interface AuthContext {
  readonly settings: Settings;
  readonly addresses: Pick<Addresses, 'get'>;
  /** Servers each backend has in the configuration that runs. */
  readonly slots: Lookup<number>;
}

/** The inner frontend through which auth servers are asked, and one backend for each of them; nothing without any. */
export function authSections(services: readonly RoutedService[], context: AuthContext): readonly Section[] {
  const servers = new Map<string, { server: AuthServer; timeoutSeconds: number }>();
  for (const { service } of services) {
    for (const destination of service.destinations) {
      const { auth } = destination;
      if (!auth || !asksAuthServer(destination)) continue;
      const server = authServerOf(auth);
      const key = `${server.backend}${server.tls ? ' tls' : ''}`;
      // The question itself ends after the time of its own destination.
      const timeoutSeconds = Math.max(auth.timeoutSeconds, servers.get(key)?.timeoutSeconds ?? 0);
      servers.set(key, { server, timeoutSeconds });
    }
  }
  if (servers.size === 0) return [];
  const sorted = [...servers].sort(([a], [b]) => compareBytes(a, b)).map(([, one]) => one);
  return [
    innerFrontend(context.settings),
    ...sorted.map(({ server, timeoutSeconds }) => authBackend(server, timeoutSeconds, context)),
  ];
}

/** Only the script speaks to it; the header names the backend and goes no further. */
function innerFrontend(settings: Settings): Section {
  return {
    keyword: 'frontend',
    name: 'df-auth',
    lines: [
      line('bind', `unix@${settings.paths.authSocket}`, 'mode', '600', ...ownerOfSocket(settings)),
      line('mode', 'http'),
      line('option', 'dontlog-normal'),
      // Longer than any auth server may take.
      line('timeout', 'client', '125s'),
      line('use_backend', '%[req.hdr(x-df-auth)]'),
    ],
  };
}

function authBackend(server: AuthServer, timeoutSeconds: number, context: AuthContext): Section {
  const timeout = `${timeoutSeconds}s`;
  return {
    keyword: 'backend',
    name: server.backend,
    lines: [
      line('mode', 'http'),
      line('http-reuse', 'always'),
      line('timeout', 'connect', timeout),
      line('timeout', 'server', timeout),
      line('timeout', 'queue', timeout),
      line('retries', '1'),
      line('http-request', 'set-timeout', 'server', 'req.hdr(x-df-timeout)'),
      line('http-request', 'del-header', 'x-df-timeout'),
      line('http-request', 'del-header', 'x-df-auth'),
      ...followedServers({ ...server, name: 'auth' }, context),
    ],
  };
}
