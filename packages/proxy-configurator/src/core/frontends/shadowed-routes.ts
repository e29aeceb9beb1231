import type { Issue, ProxyDestination, ProxyService } from '@docker-flow/labels';
import { isCanary } from '../canary/canaries.js';
import { rememberLast } from '../model/remember.js';
import type { RoutedService } from '../model/routed-service.js';
import { compareServices } from '../model/service-order.js';

interface Place {
  readonly service: ProxyService;
  readonly destination: ProxyDestination;
}

/** What one service has and another one gets. */
interface Shadow {
  readonly loser: Place;
  readonly winner: Place;
  /** Paths of the loser, or its entry port. */
  readonly lost: readonly string[];
}

/**
 * Services of which another one gets requests because of the order of services, told to both; by service. It is said only
 * where it is certain: conditions that only a request can tell (headers, user agents, exclusions) are no shadow.
 */
export function shadowIssues(services: readonly RoutedService[]): ReadonlyMap<string, readonly Issue[]> {
  const places = [...services]
    .filter((one) => !isCanary(one) && one.frontendSnippet === undefined)
    .sort((a, b) => compareServices(a.service, b.service))
    .flatMap(placesOf);
  const shadows = [...httpShadows(places), ...tcpShadows(places)];
  const issues = new Map<string, Issue[]>();
  const tell = (issue: Issue) => {
    const own = issues.get(issue.service);
    if (own) own.push(issue);
    else issues.set(issue.service, [issue]);
  };
  for (const shadow of shadows) tell(ofLoser(shadow));
  for (const won of byWinner(shadows).values()) tell(ofWinner(won));
  return issues;
}

const placesOf = rememberLast(({ service }: RoutedService): readonly Place[] =>
  service.destinations.map((destination) => ({ service, destination })),
);

/** Routes that take every request for a path, by path. */
interface Earlier {
  readonly byPath: Map<string, Place[]>;
  /** How long those paths are. */
  readonly lengths: Set<number>;
}

/** Of each destination that comes later: which of its paths an earlier one of another service has taken. */
function httpShadows(places: readonly Place[]): readonly Shadow[] {
  const earlier: Earlier = { byPath: new Map(), lengths: new Set() };
  const shadows: Shadow[] = [];
  for (const place of places) {
    if (place.destination.mode !== 'http') continue;
    let lost: Map<Place, string[]> | undefined;
    for (const path of place.destination.paths) {
      const winner = takerOf(path, place, earlier);
      if (!winner || winner.service === place.service) continue;
      lost ??= new Map();
      lost.set(winner, [...(lost.get(winner) ?? []), path]);
    }
    for (const [winner, paths] of lost ?? []) shadows.push({ loser: place, winner, lost: paths });
    if (!takesAllRequests(place.destination)) continue;
    for (const path of place.destination.paths) {
      const there = earlier.byPath.get(path);
      if (there) there.push(place);
      else earlier.byPath.set(path, [place]);
      earlier.lengths.add(path.length);
    }
  }
  return shadows;
}

/** Whether a route looks at nothing but host, path and entry port. */
function takesAllRequests({ headers, userAgents, pathsExcluded, pathType, port }: ProxyDestination): boolean {
  const isPlain = headers.length + userAgents.length + pathsExcluded.length === 0;
  return (
    isPlain &&
    port !== undefined &&
    (pathType === undefined || pathType === 'path_beg' || pathType === 'path')
  );
}

/** The first route that takes every request for a path. */
function takerOf(path: string, later: Place, earlier: Earlier): Place | undefined {
  const { pathType: type = 'path_beg' } = later.destination;
  if (type !== 'path_beg' && type !== 'path') return undefined;
  for (let length = 1; length <= path.length; length += 1) {
    if (!earlier.lengths.has(length)) continue;
    const isWhole = length === path.length;
    const found = (earlier.byPath.get(path.slice(0, length)) ?? []).find(
      (one) =>
        ((one.destination.pathType ?? 'path_beg') === 'path_beg' || (isWhole && type === 'path')) &&
        coversPort(one.destination, later.destination) &&
        coversDomains(one, later),
    );
    if (found) return found;
  }
  return undefined;
}

function coversPort(a: ProxyDestination, b: ProxyDestination): boolean {
  return a.srcPort === undefined || a.srcPort === b.srcPort;
}

function coversDomains(a: Place, b: Place): boolean {
  const { domains } = a.destination;
  if (domains.length === 0) return true;
  if (a.service.domainAlgo !== b.service.domainAlgo) return false;
  const covers = (domain: string) =>
    domains.some(
      (one) =>
        one.toLowerCase() === domain.toLowerCase() ||
        (one.startsWith('*.') && domain.toLowerCase().endsWith(one.slice(1).toLowerCase())),
    );
  return b.destination.domains.length > 0 && b.destination.domains.every(covers);
}

/** tcp destinations on one port, which neither a group nor domains tell apart: the last one gets everything. */
function tcpShadows(places: readonly Place[]): readonly Shadow[] {
  const byPort = new Map<number, Place[]>();
  for (const place of places) {
    const { mode, srcPort, serviceGroup, domains } = place.destination;
    if (mode !== 'tcp' || srcPort === undefined || serviceGroup !== undefined || domains.length > 0) continue;
    byPort.set(srcPort, [...(byPort.get(srcPort) ?? []), place]);
  }
  return [...byPort].flatMap(([port, all]) => {
    const winner = all.at(-1);
    return all.flatMap((loser) =>
      winner && loser.service !== winner.service ? [{ loser, winner, lost: [String(port)] }] : [],
    );
  });
}

function ofLoser({ loser, winner, lost }: Shadow): Issue {
  const isTcp = loser.destination.mode === 'tcp';
  return {
    ...labelOf(loser),
    problem: isTcp
      ? `gets no connection: the service ${winner.service.name} comes last and gets all of them`
      : `gets no request for ${lost.join(', ')}: the service ${winner.service.name} comes first and takes all of them`,
    expected: isTcp
      ? 'one serviceGroup for both, or serviceDomain to tell them apart'
      : `an aclName that sorts before ${winner.service.aclName}, or another path`,
    kind: 'never-matches',
  };
}

const NAMED_LOSERS = 5;

function ofWinner(shadows: readonly [Shadow, ...Shadow[]]): Issue {
  const [{ winner }] = shadows;
  const names = [...new Set(shadows.map(({ loser }) => loser.service.name))];
  const more = names.length > NAMED_LOSERS ? ` and ${names.length - NAMED_LOSERS} more` : '';
  const isTcp = winner.destination.mode === 'tcp';
  return {
    ...labelOf(winner),
    problem: `takes ${isTcp ? 'connections' : 'requests'} from ${names.slice(0, NAMED_LOSERS).join(', ')}${more}, because of the order of services`,
    expected: isTcp
      ? 'one serviceGroup for all, or serviceDomain to tell them apart'
      : 'an aclName that sorts behind, or another path',
    kind: 'no-effect',
  };
}

function byWinner(shadows: readonly Shadow[]): ReadonlyMap<Place, [Shadow, ...Shadow[]]> {
  const found = new Map<Place, [Shadow, ...Shadow[]]>();
  for (const shadow of shadows) {
    const own = found.get(shadow.winner);
    if (own) own.push(shadow);
    else found.set(shadow.winner, [shadow]);
  }
  return found;
}

/** The label that says the route, and what it says. */
function labelOf({ service, destination }: Place): Pick<Issue, 'service' | 'label' | 'value'> {
  const { index, mode, srcPort, paths, pathImplied, domains } = destination;
  const number = index === 0 ? '' : `.${index}`;
  if (mode === 'tcp')
    return { service: service.name, label: `srcPort${number}`, value: String(srcPort ?? '') };
  return pathImplied
    ? { service: service.name, label: `serviceDomain${number}`, value: domains.join(',') }
    : { service: service.name, label: `servicePath${number}`, value: paths.join(',') };
}
