import type { RoutedService } from '../model/routed-service.js';
import { canariesByStable } from '../canary/canaries.js';
import { nameDestinations } from '../model/names.js';

/** One http backend, in the words in which metrics are asked. */
export interface BackendInfo {
  readonly backend: string;
  /** The service whose requests it gets. */
  readonly service: string;
  readonly version: 'stable' | 'canary';
  /** The service whose servers answer them. */
  readonly source: string;
}

/** All http backends of services. */
export function backendInfos(routed: readonly RoutedService[]): readonly BackendInfo[] {
  const services = routed.map(({ service }) => service);
  const names = nameDestinations(services);
  const canaries = canariesByStable(routed);
  const stable = new Map(services.map((service) => [service.name, service]));
  return services.flatMap((service) =>
    service.destinations.flatMap((destination): readonly BackendInfo[] => {
      if (destination.mode !== 'http' || service.templateBePath !== undefined) return [];
      if (service.canary && canaries.get(service.canary.of)?.service !== service) return [];
      const of = service.canary ? stable.get(service.canary.of) : service;
      const like = of?.destinations.find(({ index, mode }) => index === destination.index && mode === 'http');
      if (!of || !like) return [];
      const { backend, httpsBackend } = names(service, destination);
      return [
        ...(like.port === undefined ? [] : [backend]),
        ...(like.httpsPort === undefined ? [] : [httpsBackend]),
      ].map((name) => ({
        backend: name,
        service: of.name,
        version: service.canary ? 'canary' : 'stable',
        source: service.name,
      }));
    }),
  );
}
