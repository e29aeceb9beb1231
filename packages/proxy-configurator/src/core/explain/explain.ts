import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { domainAlgoOf, pathTypeOf, withIgnoreCase } from '../model/acl.js';
import { stepsAfter, type NextStep } from './after-the-route.js';
import { nameDestinations, type DestinationNames } from '../model/names.js';
import { matchesDomains } from './host-match.js';
import { comparisonOf, matchesAny, type Verdict } from './pattern-match.js';
import type { RoutedService } from '../model/routed-service.js';
import { compareServices } from '../model/service-order.js';
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

export interface Explanation {
  readonly request: ExplainedRequest;
  /** The path that is compared with those of labels; `null` for an ambiguous one, whose answer is 400. */
  readonly decisionPath: string | null;
  /** Absent: nothing matches, the answer is 503. */
  readonly taken: { readonly service: string; readonly backend: string; readonly why: string } | undefined;
  /** What happens before the service gets the request. */
  readonly then: readonly NextStep[];
  /** Routes in the order in which they count, up to the one that is taken. */
  readonly tried: readonly TriedRoute[];
}

interface Condition {
  readonly holds: Verdict;
  readonly says: string;
}

/**
 * Which http route takes a request, and why not the ones before it. Rules that services bring in templates,
 * raw lines and redirects are not looked at.
 */
export function explainRoute(
  request: ExplainedRequest,
  services: readonly RoutedService[],
  settings: Settings,
): Explanation {
  const path = request.path.split('?')[0] ?? '';
  const normal = settings.normalizePaths ? normalizePath(path) : path;
  if (normal === undefined) return { request, decisionPath: null, taken: undefined, then: [], tried: [] };
  // The dot of the root names the same host.
  const decided = { ...request, path: normal, host: request.host.replace(/\.(?=(?::[0-9]+)?$)/, '') };
  const sorted = [...services].sort((a, b) => compareServices(a.service, b.service));
  const names = nameDestinations(sorted.map(({ service }) => service));
  const tried: TriedRoute[] = [];
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
        tried.push(route);
        if (route.matches !== true) continue;
        const { backend, because } = route;
        const taken = { service: service.name, backend, why: because };
        return { request, decisionPath: normal, taken, then: then(), tried };
      }
      if (service.isDefaultBackend && destination.port !== undefined) {
        const why = 'nothing else matches, and the service is the default backend';
        fallback = { taken: { service: service.name, backend: own.backend, why }, then: then() };
      }
    }
  }
  return { request, decisionPath: normal, ...fallback, tried };
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
