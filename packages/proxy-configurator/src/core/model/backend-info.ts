import type { ProxyService } from '@docker-flow/labels';
import { nameDestinations } from './names.js';

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
export function backendInfos(services: readonly ProxyService[]): readonly BackendInfo[] {
  const names = nameDestinations(services);
  return services.flatMap((service) =>
    service.destinations.flatMap((destination): readonly BackendInfo[] => {
      if (destination.mode !== 'http' || service.templateBePath !== undefined) return [];
      const { backend, httpsBackend } = names(service, destination);
      return [
        ...(destination.port === undefined ? [] : [backend]),
        ...(destination.httpsPort === undefined ? [] : [httpsBackend]),
      ].map((name) => ({ backend: name, service: service.name, version: 'stable', source: service.name }));
    }),
  );
}
