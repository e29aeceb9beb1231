import type { ProxyDestination } from '@docker-flow/labels';
import type { RoutedService } from '../model/routed-service.js';

/** A tcp or sni destination with its service. */
export interface EntryDestination {
  readonly routed: RoutedService;
  readonly destination: ProxyDestination;
  readonly srcPort: number;
}

/** The tcp and sni destinations whose frontend is generated. */
export function entryDestinations(routed: RoutedService): readonly EntryDestination[] {
  if (routed.frontendSnippet !== undefined) return [];
  return routed.service.destinations.flatMap((destination) =>
    destination.mode === 'http' || destination.srcPort === undefined
      ? []
      : [{ routed, destination, srcPort: destination.srcPort }],
  );
}

/** Destinations by entry port, ports in the order in which services first name them. */
export function byEntryPort(
  destinations: readonly EntryDestination[],
): ReadonlyMap<number, readonly EntryDestination[]> {
  const ports = new Map<number, EntryDestination[]>();
  for (const one of destinations) {
    const there = ports.get(one.srcPort);
    if (there) there.push(one);
    else ports.set(one.srcPort, [one]);
  }
  return ports;
}
