import { byText, parseLabelKey, type Parameters } from '@docker-flow/labels';
import type { RouteView } from '../view/view.js';

type Route = Omit<RouteView, 'shadowedBy'>;

/** What the proxy routes to one service. */
export interface RoutedService {
  readonly aclName: string;
  /** Whether more than domain and path decides, so that its routes shadow nobody for sure. */
  readonly isConditional: boolean;
  readonly routes: readonly Route[];
}

/** Labels by which a route takes only some of the requests for its path, or compares paths in another way. */
const CONDITIONS = new Set([
  'pathType',
  'servicePathExclude',
  'serviceDomainAlgo',
  'serviceHeader',
  'userAgent',
]);

export function isConditional(parameters: Parameters | undefined): boolean {
  return Object.keys(parameters ?? {}).some((name) => CONDITIONS.has(parseLabelKey(name).name));
}

/**
 * Routes with the service that takes all their requests before them. The proxy tries services with a path below
 * `/.well-known` first and those with the path `/` last, others by their aclName; the length of a path plays no role.
 */
export function markShadowed(services: readonly RoutedService[]): readonly RouteView[] {
  const sorted = [...services].sort((a, b) => rank(a) - rank(b) || byAclName(a, b));
  const taken = new Map<string, string>();
  return sorted.flatMap(({ routes, isConditional: isPartial }) => {
    const views = routes.map((route) => {
      const first = takenBefore(route, taken);
      return first === undefined ? route : { ...route, shadowedBy: first };
    });
    if (!isPartial)
      for (const route of routes) {
        const place = placeOf(route, route.domain, route.path);
        if (!taken.has(place)) taken.set(place, route.service);
      }
    return views;
  });
}

const byAclName = byText<RoutedService>(({ aclName }) => aclName);

function rank({ routes }: RoutedService): number {
  if (routes.some(({ path }) => /^\/\.well-known/i.test(path))) return 0;
  return routes.some(({ path }) => path === '/' || path === '') ? 2 : 1;
}

/** Looks for every beginning of the path, with the same domain or with any. */
function takenBefore(route: Route, taken: ReadonlyMap<string, string>): string | undefined {
  for (const domain of new Set([route.domain, '']))
    for (let length = 0; length <= route.path.length; length += 1) {
      const first = taken.get(placeOf(route, domain, route.path.slice(0, length)));
      if (first !== undefined && first !== route.service) return first;
    }
  return undefined;
}

function placeOf({ mode, port }: Route, domain: string, path: string): string {
  return JSON.stringify([mode, port, domain.toLowerCase(), path]);
}
