import type { Issue } from '@docker-flow/labels';
import { isCanary } from '../canary/canaries.js';
import { rememberLast } from '../model/remember.js';
import type { RoutedService } from '../model/routed-service.js';
import { inServiceOrder } from '../model/service-order.js';
import { createEarlierRoutes, type Place } from './earlier-routes.js';

/** What one destination has and another one gets. */
export interface Shadow {
  readonly loser: Place;
  readonly winner: Place;
  /** Paths of the loser, or its entry port. */
  readonly lost: readonly string[];
  /** The winner alone takes everything: the loser is never reached. */
  readonly isWhole: boolean;
}

/**
 * Who gets what others ask for, because of the order of services. Found only where it is certain: conditions that only a
 * request can tell (headers, user agents, exclusions) are no shadow.
 *
 * @param options.defaultAlgo how domains are compared where the service does not say
 * @param options.withinServices also what destinations of one service take from each other
 */
export function findShadows(
  services: readonly RoutedService[],
  {
    defaultAlgo,
    withinServices = false,
  }: { readonly defaultAlgo: string; readonly withinServices?: boolean },
): readonly Shadow[] {
  const routed = services.filter((one) => !isCanary(one) && one.frontendSnippet === undefined);
  const places = inServiceOrder(routed).flatMap(placesOf);
  const meets = (a: Place, b: Place) => a !== b && (withinServices || a.service !== b.service);
  return [...httpShadows(places, meets, defaultAlgo), ...tcpShadows(places, meets)];
}

type Meets = (a: Place, b: Place) => boolean;

/** The same, told to both; by service. */
export function shadowIssues(
  services: readonly RoutedService[],
  options: { readonly defaultAlgo: string },
): ReadonlyMap<string, readonly Issue[]> {
  const shadows = findShadows(services, options);
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

/** Of each destination that comes later: which of its paths an earlier one has taken. */
function httpShadows(places: readonly Place[], meets: Meets, defaultAlgo: string): readonly Shadow[] {
  const earlier = createEarlierRoutes(defaultAlgo);
  const shadows: Shadow[] = [];
  for (const place of places) {
    if (place.destination.mode !== 'http') continue;
    const { paths } = place.destination;
    const takers = paths.map((path) => earlier.takersOf(path, place).filter((one) => meets(one, place)));
    const ofAll = takers[0]?.find((one) => takers.every((some) => some.includes(one)));
    if (ofAll) shadows.push({ loser: place, winner: ofAll, lost: paths, isWhole: true });
    else if (takers.some(({ length }) => length > 0)) shadows.push(...partsLost(place, takers));
    earlier.add(place);
  }
  return shadows;
}

/** Each path goes to the first that takes it. */
function partsLost(loser: Place, takers: readonly (readonly Place[])[]): readonly Shadow[] {
  const lost = new Map<Place, string[]>();
  takers.forEach(([winner], at) => {
    if (winner) lost.set(winner, [...(lost.get(winner) ?? []), loser.destination.paths[at] ?? '']);
  });
  return [...lost].map(([winner, paths]) => ({ loser, winner, lost: paths, isWhole: false }));
}

/** tcp destinations on one port, which neither a group nor domains tell apart: the last one gets everything. */
function tcpShadows(places: readonly Place[], meets: Meets): readonly Shadow[] {
  const byPort = new Map<number, Place[]>();
  for (const place of places) {
    const { mode, srcPort, serviceGroup, domains } = place.destination;
    if (mode !== 'tcp' || srcPort === undefined || serviceGroup !== undefined || domains.length > 0) continue;
    byPort.set(srcPort, [...(byPort.get(srcPort) ?? []), place]);
  }
  return [...byPort].flatMap(([port, all]) => {
    const winner = all.at(-1);
    return all.flatMap((loser) =>
      winner && meets(winner, loser) ? [{ loser, winner, lost: [String(port)], isWhole: true }] : [],
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
