import { PROXY_LABELS, type Canary, type Issue } from '@docker-flow/labels';
import type { RoutedService } from '../model/routed-service.js';
import { inServiceOrder } from '../model/service-order.js';

/** A service that says it is a new version of another one. */
export interface CanaryService extends RoutedService {
  readonly service: RoutedService['service'] & { readonly canary: Canary };
}

export function isCanary(routed: RoutedService): routed is CanaryService {
  return routed.service.canary !== undefined;
}

/** The canary of each stable service, by its name: the first in order. One whose text is a template of its own has none. */
export function canariesByStable(services: readonly RoutedService[]): ReadonlyMap<string, CanaryService> {
  const canaries = canariesInOrder(services);
  const found = new Map<string, CanaryService>();
  if (canaries.length === 0) return found;
  const stable = new Map(services.filter((one) => !isCanary(one)).map((one) => [one.service.name, one]));
  for (const routed of canaries) {
    const { of } = routed.service.canary;
    const other = stable.get(of);
    if (!other || found.has(of) || hasOwnText(other)) continue;
    found.set(of, routed);
  }
  return found;
}

function canariesInOrder(services: readonly RoutedService[]): readonly CanaryService[] {
  return inServiceOrder(services.filter(isCanary));
}

/** Nobody knows what such a text closes, so nothing may pass beside it. */
function hasOwnText({ frontendSnippet, backendSnippet }: RoutedService): boolean {
  return frontendSnippet !== undefined || backendSnippet !== undefined;
}

export interface CanaryConflict {
  readonly status: 400 | 409;
  readonly issue: Issue;
}

/** Canaries that cannot be, whoever came first, so that all replicas agree. */
export function canaryConflicts(services: readonly RoutedService[]): ReadonlyMap<string, CanaryConflict> {
  const canaries = canariesInOrder(services);
  const conflicts = new Map<string, CanaryConflict>();
  if (canaries.length === 0) return conflicts;
  const byName = new Map(services.map((one) => [one.service.name, one]));
  const first = new Map<string, string>();
  for (const routed of canaries) {
    const { name, canary } = routed.service;
    const other = byName.get(canary.of);
    const taken = first.get(canary.of);
    if (other && isCanary(other))
      conflicts.set(
        name,
        conflict(name, canary, 400, `names a service that is itself a canary`, 'a stable service'),
      );
    else if (taken !== undefined)
      conflicts.set(
        name,
        conflict(
          name,
          canary,
          409,
          `names a service whose canary is ${taken} already`,
          `one canary: ${taken} or this one`,
        ),
      );
    else first.set(canary.of, name);
  }
  return conflicts;
}

function conflict(
  service: string,
  { of }: Canary,
  status: CanaryConflict['status'],
  problem: string,
  expected: string,
): CanaryConflict {
  return { status, issue: { service, label: PROXY_LABELS.canaryOf.name, value: of, problem, expected } };
}

/** What services that stand in relation to each other ask for and do not get, by service. */
export function relationIssues(services: readonly RoutedService[]): ReadonlyMap<string, readonly Issue[]> {
  const canaries = canariesByStable(services);
  const byName = new Map(
    services.some(isCanary) ? services.map((one) => [one.service.name, one] as const) : [],
  );
  const issues = new Map<string, readonly Issue[]>();
  for (const routed of services) {
    const own = isCanary(routed)
      ? canaryIssues(routed, byName.get(routed.service.canary.of))
      : cookieIssues(routed, canaries.has(routed.service.name));
    if (own.length > 0) issues.set(routed.service.name, own);
  }
  return issues;
}

function canaryIssues({ service }: CanaryService, stable: RoutedService | undefined): readonly Issue[] {
  const about = (label: string, value: string, problem: string, expected: string): Issue => ({
    service: service.name,
    label,
    value,
    problem,
    expected,
    kind: 'no-effect',
  });
  const { of } = service.canary;
  const own = (problem: string, expected: string) => about(PROXY_LABELS.canaryOf.name, of, problem, expected);
  if (!stable)
    return [own('names a service that is not there: it has no route until then', `the service ${of}`)];
  if (hasOwnText(stable))
    return [
      own('names a service with a template of its own, which no canary can take part in', 'no template'),
    ];
  const numbers = new Set(
    stable.service.destinations.filter(({ mode }) => mode === 'http').map(({ index }) => index),
  );
  return service.destinations
    .filter(({ index }) => !numbers.has(index))
    .map(({ index, port }) =>
      about(
        index === 0 ? PROXY_LABELS.port.name : `${PROXY_LABELS.port.name}.${index}`,
        String(port ?? ''),
        `belongs to a destination that ${of} does not have`,
        `the number of an http destination of ${of}`,
      ),
    );
}

/** Cookies are of those that are pinned to one task, or have two versions to choose from. */
function cookieIssues({ service }: RoutedService, hasCanary: boolean): readonly Issue[] {
  const { cookieSecure, sessionType, name } = service;
  if (cookieSecure === undefined || hasCanary || sessionType === 'sticky-server') return [];
  return [
    {
      service: name,
      label: PROXY_LABELS.cookieSecure.name,
      value: String(cookieSecure),
      problem: 'has no effect without sessionType=sticky-server or a canary',
      expected: 'sessionType=sticky-server',
      kind: 'no-effect',
    },
  ];
}
