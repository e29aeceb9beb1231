import type { Issue } from '@docker-flow/labels';
import { entryDestinations } from './entry-destinations.js';
import { hasHttp } from './http-ports.js';
import { rememberLast } from '../model/remember.js';
import type { RoutedService } from '../model/routed-service.js';
import { compareServices } from '../model/service-order.js';
import type { BindPort, Settings } from '../model/settings.js';

/** What listens on an entry port; equal texts can share it. */
type Claim = string;

/** TLS with their names passes through, whatever else listens there. */
const SNI: Claim = 'the sni destinations';

/** Who has a port. */
interface Holder {
  readonly claim: Claim;
  /** Absent: the operator. */
  readonly service?: string;
}

/** A service that cannot have a port. */
export interface PortConflict extends Issue {
  /** The service that has it; absent: the operator. */
  readonly takenBy?: string | undefined;
}

const OPERATOR: ReadonlySet<Claim> = new Set(['DEFAULT_PORTS', 'BIND_PORTS']);

/**
 * Services that cannot have the entry ports they ask for, with the reason. It depends on what the services are, never on who
 * came first, so that all replicas agree: http services have the ports that the operator has chosen, sni destinations share
 * a port with everything, and of others that cannot share one the first in the order of services has it. HAProxy itself
 * would bind the same port twice and let the kernel deal out the connections.
 */
export function findPortConflicts(
  services: readonly RoutedService[],
  settings: Settings,
): ReadonlyMap<string, PortConflict> {
  const taken = new Map<number, Holder>(
    [...settings.reservedPorts].map(([port, claim]) => [port, { claim }]),
  );
  take(taken, settings.bindPorts, 'BIND_PORTS');
  const conflicts = new Map<string, PortConflict>();
  // Others are as they wish, but an http service keeps the ports of http to itself.
  const asking = services.filter((one) => claimsOf(one).length > 0 || !isHttpServed(one, settings));
  const isAsking = new Set(asking);
  if (services.some((one) => hasHttp(one) && !isAsking.has(one)))
    take(taken, settings.defaultPorts, 'DEFAULT_PORTS');
  const sorted = asking.sort(
    (a, b) => Number(hasHttp(b)) - Number(hasHttp(a)) || compareServices(a.service, b.service),
  );
  for (const routed of sorted) {
    const before = new Map(taken);
    if (hasHttp(routed)) take(before, settings.defaultPorts, 'DEFAULT_PORTS');
    const conflict = findConflict(routed, before, settings);
    if (conflict) {
      conflicts.set(routed.service.name, conflict);
      continue;
    }
    if (hasHttp(routed)) take(taken, settings.defaultPorts, 'DEFAULT_PORTS');
    const service = routed.service.name;
    for (const { port, claim } of claimsOf(routed))
      if (claim !== SNI && !taken.has(port)) taken.set(port, { claim, service });
  }
  return conflicts;
}

function take(taken: Map<number, Holder>, ports: readonly BindPort[], claim: Claim): void {
  for (const { port } of ports) if (port !== undefined && !taken.has(port)) taken.set(port, { claim });
}

function isHttpServed(routed: RoutedService, settings: Settings): boolean {
  return !hasHttp(routed) || settings.labels.requestMode === 'http';
}

function findConflict(
  routed: RoutedService,
  taken: ReadonlyMap<number, Holder>,
  settings: Settings,
): PortConflict | undefined {
  if (!isHttpServed(routed, settings)) {
    return {
      service: routed.service.name,
      label: 'reqMode',
      value: 'http',
      problem: 'cannot be served',
      expected: 'tcp or sni, because DEFAULT_REQ_MODE is not http',
    };
  }
  const withOwn = new Map(taken);
  for (const { port, claim, index } of claimsOf(routed)) {
    const owner = withOwn.get(port);
    if (claim !== SNI) withOwn.set(port, owner ?? { claim, service: routed.service.name });
    if (owner === undefined || owner.claim === claim) continue;
    if (claim === SNI && !settings.reservedPorts.has(port)) continue;
    return {
      service: routed.service.name,
      label: index === 0 ? 'srcPort' : `srcPort.${index}`,
      value: String(port),
      ...refusalBy(owner),
      takenBy: owner.service === routed.service.name ? undefined : owner.service,
    };
  }
  return undefined;
}

function refusalBy({ claim, service }: Holder): Pick<Issue, 'problem' | 'expected'> {
  if (claim === 'DEFAULT_PORTS')
    return {
      problem: 'is taken by DEFAULT_PORTS as long as there is an http service',
      expected: 'another port, or reqMode=sni, which shares it',
    };
  return {
    problem: `is taken by ${claim}${service === undefined ? '' : ` of the service ${service}`}`,
    expected: OPERATOR.has(claim)
      ? 'another port, or reqMode=sni, which shares it'
      : 'a port that nothing else listens on',
  };
}

interface PortClaim {
  readonly port: number;
  readonly claim: Claim;
  readonly index: number;
}

/** Ports a service's generated frontends would open. */
export const claimsOf = rememberLast((routed: RoutedService): readonly PortClaim[] =>
  entryDestinations(routed).map(({ srcPort, destination: { mode, serviceGroup, index } }) => ({
    port: srcPort,
    index,
    claim:
      mode === 'sni'
        ? SNI
        : serviceGroup === undefined
          ? 'the tcp destinations'
          : `the tcp group ${serviceGroup}`,
  })),
);
