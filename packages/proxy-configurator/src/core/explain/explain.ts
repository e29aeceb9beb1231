import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { domainAlgoOf, pathTypeOf, withIgnoreCase } from '../model/acl.js';
import { stepsAfter, type NextStep } from './after-the-route.js';
import { nameDestinations, type DestinationNames } from '../model/names.js';
import { lookAtPort, type EntryPort } from './entry-port.js';
import { matchesDomains } from './host-match.js';
import { comparisonOf, matchesAny, type Verdict } from './pattern-match.js';
import type { RoutedService } from '../model/routed-service.js';
import { inServiceOrder, whyBefore } from '../model/service-order.js';
import type { Settings } from '../model/settings.js';
import { parsePathType, pathPatterns } from '../paths/decision-path.js';
import { normalizePath } from '../paths/normalize-path.js';

/** A request somebody wonders about. */
export interface ExplainedRequest {
  /** The Host header, with the port if there is one. */
  readonly host: string;
  /** A query behind it plays no role. */
  readonly path: string;
  /** The port of the proxy it arrives on. */
  readonly port: number;
  /** By lower case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** One route that was tried. */
export interface TriedRoute {
  readonly service: string;
  readonly backend: string;
  /** `null` when only HAProxy could tell. */
  readonly matches: boolean | null;
  readonly because: string;
}

/** A service that is not routed as it asks. */
export interface RejectedService {
  readonly service: ProxyService;
  readonly message: string;
}

/** The same, for one request. */
export interface RejectedRoute {
  readonly service: string;
  /** Whether it would get the request, if nothing came before; `null` when only HAProxy could tell. */
  readonly matches: boolean | null;
  readonly because: string;
}

export interface Explanation {
  readonly request: ExplainedRequest;
  readonly entry: EntryPort;
  /** The path that is compared with those of labels; `null` for an ambiguous one, whose answer is 400. */
  readonly decisionPath: string | null;
  /** Absent: nothing matches, the answer is 503. */
  readonly taken: { readonly service: string; readonly backend: string; readonly why: string } | undefined;
  /** What happens before the service gets the request. */
  readonly then: readonly NextStep[];
  /** Routes in the order in which they count, up to the one that is taken. */
  readonly tried: readonly TriedRoute[];
  /** Routes that would take it as well, but come later; the reason is why the one that is taken comes first. */
  readonly overtaken: readonly TriedRoute[];
  /** Services that are not routed as they ask, whether or not it would be theirs. */
  readonly rejected: readonly RejectedRoute[];
}

interface Condition {
  readonly holds: Verdict;
  readonly says: string;
}

/** More than that many routes that come later help nobody. */
const NAMED_LATER = 20;

/**
 * Who gets a request, and why not others: what is on its port, which route takes it, the ones before it, the ones that
 * would take it if they came first, and the services that are rejected. Rules that services bring in templates, raw
 * lines and redirects are not looked at.
 */
export function explainRoute(
  request: ExplainedRequest,
  services: readonly RoutedService[],
  settings: Settings,
  rejectedServices: readonly RejectedService[] = [],
): Explanation {
  const path = request.path.split('?')[0] ?? '';
  const normal = settings.normalizePaths ? normalizePath(path) : path;
  const sorted = inServiceOrder(services);
  const names = nameDestinations(sorted.map(({ service }) => service));
  // The dot of the root names the same host.
  const decided = { ...request, path: normal ?? '', host: request.host.replace(/\.(?=(?::[0-9]+)?$)/, '') };
  const { entry, isHttp, passed } = lookAtPort(decided, sorted, { names, settings });
  const rejected = rejectedServices.map((one) => rejectedRoute(one, decided, settings));
  const about = { request, entry, rejected };
  const nothing = { taken: undefined, then: [], tried: [], overtaken: [] };
  if (!isHttp) return { ...about, ...nothing, decisionPath: normal ?? null, taken: passed };
  if (normal === undefined) return { ...about, ...nothing, decisionPath: null };
  const tried: TriedRoute[] = [];
  const overtaken: TriedRoute[] = [];
  let found: (Pick<Explanation, 'taken' | 'then'> & { readonly winner: ProxyService }) | undefined;
  let fallback: Pick<Explanation, 'taken' | 'then'> = { taken: undefined, then: [] };
  const { headers } = request;
  for (const routed of sorted) {
    const { service, frontendSnippet } = routed;
    if (frontendSnippet !== undefined || service.canary) continue;
    for (const destination of service.destinations) {
      if (destination.mode !== 'http') continue;
      const own = names(service, destination);
      const then = () => stepsAfter({ routed, destination, path: normal, headers }, sorted, settings);
      for (const route of routesOf(service, destination, own, decided, settings)) {
        if (found) {
          if (route.matches === true && overtaken.length < NAMED_LATER)
            overtaken.push({ ...route, because: `comes later: ${orderOf(found.winner, service)}` });
          continue;
        }
        tried.push(route);
        if (route.matches !== true) continue;
        const { backend, because } = route;
        const taken = { service: service.name, backend, why: because };
        found = { taken, then: then(), winner: service };
      }
      if (!found && service.isDefaultBackend && destination.port !== undefined) {
        const why = 'nothing else matches, and the service is the default backend';
        fallback = { taken: { service: service.name, backend: own.backend, why }, then: then() };
      }
    }
  }
  const { taken, then } = found ?? fallback;
  return { ...about, decisionPath: normal, taken, then, tried, overtaken };
}

function orderOf(winner: ProxyService, later: ProxyService): string {
  return winner === later ? 'of one service the first destination counts' : whyBefore(winner, later);
}

/** What a service would have got, had it not been rejected. */
function rejectedRoute(
  { service, message }: RejectedService,
  request: ExplainedRequest,
  settings: Settings,
): RejectedRoute {
  const names = nameDestinations([service]);
  const routes = service.destinations
    .filter(({ mode }) => mode === 'http')
    .flatMap((one) => routesOf(service, one, names(service, one), request, settings));
  const matches = routes.some((one) => one.matches === true)
    ? true
    : routes.some((one) => one.matches === null)
      ? null
      : false;
  return { service: service.name, matches, because: `rejected: ${message}` };
}

function routesOf(
  service: ProxyService,
  destination: ProxyDestination,
  { backend, httpsBackend }: DestinationNames,
  request: ExplainedRequest,
  settings: Settings,
): readonly TriedRoute[] {
  const { port, httpsPort, srcPort, srcHttpsPort } = destination;
  const common = [
    pathCondition(destination, request, settings),
    exclusion(destination, request, settings),
    domainCondition(service, destination, request, settings),
  ];
  const agent = userAgent(destination, request);
  return [
    ...(port === undefined
      ? []
      : [
          tryRoute(service.name, backend, [
            ...common,
            ...headerConditions(destination, request),
            entryPort(srcPort, request),
            agent,
          ]),
        ]),
    ...(httpsPort === undefined
      ? []
      : [tryRoute(service.name, httpsBackend, [...common, entryPort(srcHttpsPort, request), agent])]),
  ];
}

/** A condition that does not hold decides; one that nobody can tell leaves the route open. */
function tryRoute(
  service: string,
  backend: string,
  conditions: readonly (Condition | undefined)[],
): TriedRoute {
  const asked = conditions.filter((one) => one !== undefined);
  const failed = asked.find(({ holds }) => holds === false);
  if (failed) return { service, backend, matches: false, because: failed.says };
  const open = asked.find(({ holds }) => holds === undefined);
  if (open) return { service, backend, matches: null, because: `only HAProxy can tell: ${open.says}` };
  return { service, backend, matches: true, because: asked.map(({ says }) => says).join(', ') };
}

function pathCondition(
  destination: ProxyDestination,
  request: ExplainedRequest,
  settings: Settings,
): Condition {
  const type = pathTypeOf(destination);
  const holds = comparePath(destination.paths, destination, request, settings);
  return { holds, says: `${type} ${destination.paths.join(' ')}${holds === false ? ' does not match' : ''}` };
}

function exclusion(
  destination: ProxyDestination,
  request: ExplainedRequest,
  settings: Settings,
): Condition | undefined {
  const { pathsExcluded } = destination;
  if (pathsExcluded.length === 0) return undefined;
  const excluded = comparePath(pathsExcluded, destination, request, settings);
  const says = `servicePathExclude ${pathsExcluded.join(' ')} ${excluded === true ? 'matches' : 'does not match'}`;
  return { holds: excluded === undefined ? undefined : !excluded, says };
}

function comparePath(
  patterns: readonly string[],
  destination: ProxyDestination,
  { path }: ExplainedRequest,
  { normalizePaths: normalize }: Settings,
): Verdict {
  const type = pathTypeOf(destination);
  if (parsePathType(type)?.source !== 'path') return undefined;
  return matchesAny(path, pathPatterns(patterns, type, { normalize }), comparisonOf(type));
}

function domainCondition(
  service: ProxyService,
  { domains }: ProxyDestination,
  { host }: ExplainedRequest,
  settings: Settings,
): Condition | undefined {
  if (domains.length === 0) return undefined;
  const algo = withIgnoreCase(domainAlgoOf(service, settings.labels.domainAlgo));
  const holds = matchesDomains(host, domains, algo);
  return { holds, says: `${algo} ${domains.join(' ')}${holds === false ? ' does not match' : ''}` };
}

function headerConditions({ headers }: ProxyDestination, request: ExplainedRequest): readonly Condition[] {
  return headers.map(({ name, value }) => {
    const sent = request.headers[name.toLowerCase()];
    const parts = sent === undefined ? [] : sent.split(',').map((part) => part.trim());
    const holds = parts.includes(value);
    return { holds, says: `header ${name} ${holds ? 'is' : 'is not'} ${JSON.stringify(value)}` };
  });
}

function entryPort(wanted: number | undefined, { port }: ExplainedRequest): Condition | undefined {
  if (wanted === undefined) return undefined;
  return { holds: wanted === port, says: `entry port ${wanted === port ? 'is' : 'is not'} ${wanted}` };
}

function userAgent({ userAgents }: ProxyDestination, { headers }: ExplainedRequest): Condition | undefined {
  if (userAgents.length === 0) return undefined;
  const holds = matchesAny(headers['user-agent'] ?? '', userAgents, { method: 'sub', ignoresCase: true });
  return { holds, says: `User-Agent ${holds ? 'holds' : 'holds none of'} ${userAgents.join(' ')}` };
}
