import type { Issue } from '@docker-flow/labels';
import type { RoutedService } from '../model/routed-service.js';
import type { Settings } from '../model/settings.js';

/** What listens on an entry port; equal texts can share it. */
type Claim = string;

/**
 * Services that cannot have the entry ports they ask for, with the reason. `settled` services (those that
 * run already) keep what they have; among the others http services come first, because they need the ports
 * the operator has chosen. HAProxy itself would bind the same port twice and let the kernel deal out the
 * connections.
 */
export function findPortConflicts(
  settled: readonly RoutedService[],
  others: readonly RoutedService[],
  settings: Settings,
): ReadonlyMap<string, Issue> {
  const taken = new Map<number, Claim>();
  for (const [port, what] of settings.reservedPorts) taken.set(port, what);
  for (const { port } of settings.bindPorts) if (port !== undefined) taken.set(port, 'BIND_PORTS');
  const conflicts = new Map<string, Issue>();
  const sorted = [...others].sort((a, b) => Number(hasHttp(b)) - Number(hasHttp(a)));
  const all = [...settled, ...sorted];
  if (settled.some(hasHttp) || (!settled.some(opensPorts) && others.some(hasHttp)))
    takeDefaultPorts(taken, settings);
  for (const routed of all) {
    const conflict = findConflict(routed, taken, settings);
    if (conflict) {
      conflicts.set(routed.service.name, conflict);
      continue;
    }
    for (const { port, claim } of claimsOf(routed)) taken.set(port, claim);
    if (hasHttp(routed)) takeDefaultPorts(taken, settings);
  }
  return conflicts;
}

function takeDefaultPorts(taken: Map<number, Claim>, { defaultPorts }: Settings): void {
  for (const { port } of defaultPorts)
    if (port !== undefined && !taken.has(port)) taken.set(port, 'DEFAULT_PORTS');
}

function findConflict(
  routed: RoutedService,
  taken: ReadonlyMap<number, Claim>,
  settings: Settings,
): Issue | undefined {
  if (hasHttp(routed) && settings.labels.requestMode !== 'http') {
    return issue(
      routed,
      'reqMode',
      'http',
      'cannot be served',
      'tcp or sni, because DEFAULT_REQ_MODE is not http',
    );
  }
  const withOwn = new Map(taken);
  if (hasHttp(routed)) takeDefaultPorts(withOwn, settings);
  for (const { port, claim, index } of claimsOf(routed)) {
    const owner = withOwn.get(port);
    withOwn.set(port, owner ?? claim);
    if (owner === undefined || owner === claim) continue;
    const label = index === 0 ? 'srcPort' : `srcPort.${index}`;
    return issue(routed, label, String(port), `is taken by ${owner}`, 'a port that nothing else listens on');
  }
  return undefined;
}

function issue(
  { service }: RoutedService,
  label: string,
  value: string,
  problem: string,
  expected: string,
): Issue {
  return { service: service.name, label, value, problem, expected };
}

interface PortClaim {
  readonly port: number;
  readonly claim: Claim;
  readonly index: number;
}

/** Ports a service's generated frontends would open. */
export function claimsOf({ service, frontendSnippet }: RoutedService): readonly PortClaim[] {
  if (frontendSnippet !== undefined) return [];
  return service.destinations.flatMap(({ mode, srcPort, serviceGroup, index }) => {
    if (mode === 'http' || srcPort === undefined) return [];
    const claim =
      mode === 'sni'
        ? 'the sni destinations'
        : serviceGroup === undefined
          ? 'the tcp destinations'
          : `the tcp group ${serviceGroup}`;
    return [{ port: srcPort, claim, index }];
  });
}

function hasHttp({ service }: RoutedService): boolean {
  return service.destinations.some(({ mode }) => mode === 'http');
}

function opensPorts(routed: RoutedService): boolean {
  return claimsOf(routed).length > 0;
}
