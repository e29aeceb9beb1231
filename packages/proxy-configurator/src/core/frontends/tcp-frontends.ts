import type { ProxyDestination } from '@docker-flow/labels';
import { acl, domainAlgoOf, splitDomains } from '../model/acl.js';
import { line, ownedBy, type Line, type Section } from '../model/directives.js';
import type { Names } from '../model/names.js';
import type { RoutedService } from '../model/routed-service.js';
import { logLines } from './services-frontend.js';
import { acceptProxyLines } from '../clients/trusted-proxies.js';
import type { Settings } from '../model/settings.js';

/** A tcp or sni destination with its service. */
export interface EntryDestination {
  readonly routed: RoutedService;
  readonly destination: ProxyDestination;
  readonly srcPort: number;
}

interface Needs {
  readonly names: Names;
  readonly settings: Settings;
}

/** How long a client may take to say for which name it comes. */
const INSPECT_DELAY = ['tcp-request', 'inspect-delay', '5s'];

/** Destinations by entry port, ports in the order in which services first name them. */
export function byEntryPort(
  destinations: readonly EntryDestination[],
): ReadonlyMap<number, readonly EntryDestination[]> {
  const ports = new Map<number, EntryDestination[]>();
  for (const one of destinations) ports.set(one.srcPort, [...(ports.get(one.srcPort) ?? []), one]);
  return ports;
}

/** `frontend tcpFE_<port>`: byte streams, routed by server name or Host header where a destination has domains. */
export function tcpFrontend(
  port: number,
  destinations: readonly EntryDestination[],
  { names, settings }: Needs,
): Section {
  const named = destinations.filter(({ destination }) => destination.domains.length > 0);
  const others = destinations.filter(({ destination }) => destination.domains.length === 0);
  const fallback = others.at(-1);
  const { debug } = settings;
  return {
    keyword: 'frontend',
    name: `tcpFE_${port}`,
    lines: [
      ...entryLines(port, destinations, settings),
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
  { trustedProxies }: Settings,
): readonly Line[] {
  const first = destinations[0];
  if (!first) return [];
  const { timeoutClientSeconds, clitcpka, acceptProxy } = first.destination;
  return ownedBy(first.routed.service.name, [
    ...acceptProxyLines(port, acceptProxy, trustedProxies),
    line('mode', 'tcp'),
    ...(timeoutClientSeconds === undefined ? [] : [line('timeout', 'client', `${timeoutClientSeconds}s`)]),
    ...(clitcpka ? [line('option', 'clitcpka')] : []),
  ]);
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

/** `frontend service_<port>`: TLS that is not terminated here, routed by server name. */
export function sniFrontend(
  port: number,
  destinations: readonly EntryDestination[],
  { names, settings }: Needs,
): Section {
  return {
    keyword: 'frontend',
    name: `service_${port}`,
    lines: [
      ...entryLines(port, destinations, settings),
      ...logLines(settings.debug.on, 'tcplog', ''),
      line(...INSPECT_DELAY),
      line('tcp-request', 'content', 'accept', 'if', '{', 'req.ssl_hello_type', '1', '}'),
      ...destinations.flatMap(({ routed, destination }) => {
        const { key, backend } = names(routed.service, destination);
        return ownedBy(routed.service.name, [
          ...serverNameAcls(`sni_${key}`, destination),
          line('use_backend', backend, 'if', `sni_${key}`),
        ]);
      }),
    ],
  };
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
