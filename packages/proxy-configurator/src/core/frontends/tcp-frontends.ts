import type { ProxyDestination } from '@docker-flow/labels';
import type { EntryDestination } from '../entry-ports/entry-destinations.js';
import { bindBehindNames, namesBind, otherwiseBackendName } from '../entry-ports/shared-ports.js';
import { acl, domainAlgoOf, splitDomains } from '../model/acl.js';
import { line, ownedBy, type Line, type Section } from '../model/directives.js';
import type { Names } from '../model/names.js';
import { logLines } from './services-frontend.js';
import { acceptProxyLines } from '../clients/trusted-proxies.js';
import type { BindPort, Settings } from '../model/settings.js';

interface Needs {
  readonly names: Names;
  readonly settings: Settings;
}

interface TcpNeeds extends Needs {
  /** Entry ports of sni destinations, whose frontend has the port. */
  readonly namedPorts: ReadonlySet<number>;
}

/** How long a client may take to say for which name it comes. */
const INSPECT_DELAY = ['tcp-request', 'inspect-delay', '5s'];
/** The same where it may be one that waits for the server to speak first. */
const SHORT_DELAY = ['tcp-request', 'inspect-delay', '2s'];

/** `frontend tcpFE_<port>`: byte streams, routed by server name or Host header where a destination has domains. */
export function tcpFrontend(
  port: number,
  destinations: readonly EntryDestination[],
  { names, settings, namedPorts }: TcpNeeds,
): Section {
  const named = destinations.filter(({ destination }) => destination.domains.length > 0);
  const others = destinations.filter(({ destination }) => destination.domains.length === 0);
  const fallback = others.at(-1);
  const { debug } = settings;
  return {
    keyword: 'frontend',
    name: `tcpFE_${port}`,
    lines: [
      ...entryLines(port, destinations, { settings, namedPorts }),
      ...logLines(debug.on, 'tcplog', debug.tcpFormat),
      ...(named.length > 0 ? waitForName() : []),
      ...named.flatMap(({ routed, destination }) => {
        const { key, backend } = names(routed.service, destination);
        const algo = domainAlgoOf(routed.service, settings.labels.domainAlgo);
        return ownedBy(routed.service.name, [
          ...nameAcls(`domain_${key}`, destination.domains, algo),
          line('use_backend', backend, 'if', `domain_${key}`),
        ]);
      }),
      ...(fallback
        ? ownedBy(fallback.routed.service.name, [
            line('default_backend', names(fallback.routed.service, fallback.destination).backend),
          ])
        : []),
    ],
  };
}

/** Bind, mode and the options of an entry port; the first destination decides those. */
export function entryLines(
  port: number,
  destinations: readonly EntryDestination[],
  { settings, namedPorts }: Omit<TcpNeeds, 'names'>,
): readonly Line[] {
  const first = destinations[0];
  if (!first) return [];
  const { acceptProxy } = first.destination;
  return ownedBy(first.routed.service.name, [
    ...(namedPorts.has(port)
      ? [line(...bindBehindNames(port, settings))]
      : acceptProxyLines(port, acceptProxy, settings.trustedProxies)),
    ...streamLines(first),
  ]);
}

function streamLines({ destination: { timeoutClientSeconds, clitcpka } }: EntryDestination): readonly Line[] {
  return [
    line('mode', 'tcp'),
    ...(timeoutClientSeconds === undefined ? [] : [line('timeout', 'client', `${timeoutClientSeconds}s`)]),
    ...(clitcpka ? [line('option', 'clitcpka')] : []),
  ];
}

/** Waits for a TLS greeting or an HTTP request; any other first bytes end the wait at once. */
function waitForName(): readonly Line[] {
  return [
    line(...INSPECT_DELAY),
    line('tcp-request', 'content', 'accept', 'if', '{', 'req.ssl_hello_type', '1', '}'),
    line('tcp-request', 'content', 'accept', 'if', 'HTTP'),
  ];
}

const SUFFIXES: Readonly<Record<string, string>> = {
  beg: 'beg',
  dir: 'dir',
  dom: 'dom',
  end: 'end',
  reg: 'reg',
  sub: 'sub',
};

/** The TLS server name and, for plain HTTP, the Host header, both by the match of the algorithm. */
function nameAcls(name: string, domains: readonly string[], algo: string): readonly Line[] {
  const match =
    SUFFIXES[/-m +([a-z]+)/.exec(algo)?.[1] ?? /^[a-z._]+_([a-z]+)(?:\(|$)/.exec(algo)?.[1] ?? ''] ?? 'str';
  const { plain, suffixes } = splitDomains(domains);
  return ['req.ssl_sni', 'req.hdr(host)'].flatMap((fetch) => [
    ...acl(name, `${fetch} -i -m ${match}`, plain),
    ...acl(name, `${fetch} -i -m end`, suffixes),
  ]);
}

interface NamedPort {
  readonly port: number;
  /** All destinations on it, tcp ones as well. */
  readonly all: readonly EntryDestination[];
  /** The port of the operator that it is; absent: http is not there. */
  readonly http: BindPort | undefined;
}

/**
 * `frontend service_<port>`: TLS that is not terminated here, routed by server name. All else goes on to the section that
 * shares the port; without one it is closed.
 */
export function sniFrontend({ port, all, http }: NamedPort, { names, settings }: Needs): Section {
  const own = all.filter(({ destination }) => destination.mode === 'sni');
  const isShared = http !== undefined || own.length < all.length;
  return {
    keyword: 'frontend',
    name: `service_${port}`,
    lines: [
      ...(http
        ? operatorPortLines(http, own, settings)
        : entryLines(port, all, { settings, namedPorts: NONE })),
      ...logLines(settings.debug.on, 'tcplog', ''),
      line(...(own.length < all.length ? SHORT_DELAY : INSPECT_DELAY)),
      line('tcp-request', 'content', 'accept', 'if', '{', 'req.ssl_hello_type', '1', '}'),
      ...own.flatMap(({ routed, destination }) => {
        const { key, backend } = names(routed.service, destination);
        return ownedBy(routed.service.name, [
          ...serverNameAcls(`sni_${key}`, destination),
          line('use_backend', backend, 'if', `sni_${key}`),
        ]);
      }),
      ...(isShared ? [line('default_backend', otherwiseBackendName(port))] : []),
    ],
  };
}

const NONE: ReadonlySet<number> = new Set();

/** A port of the operator is as he says, whatever labels say. */
function operatorPortLines(
  bind: BindPort,
  [first]: readonly EntryDestination[],
  settings: Settings,
): readonly Line[] {
  return [
    ...namesBind(bind, settings),
    ...(first ? ownedBy(first.routed.service.name, streamLines(first)) : []),
  ];
}

/** `serviceDomain` exactly or as suffix; `servicePath` as `pathType` says, without it like a domain. */
function serverNameAcls(name: string, { paths, pathType, domains }: ProxyDestination): readonly Line[] {
  const { plain, suffixes } = splitDomains(pathType === undefined ? [...paths, ...domains] : domains);
  return [
    ...(pathType === undefined ? [] : acl(name, pathType.replace(/^req_ssl_sni/, 'req.ssl_sni'), paths)),
    ...acl(name, 'req.ssl_sni -i', plain),
    ...acl(name, 'req.ssl_sni -i -m end', suffixes),
  ];
}
