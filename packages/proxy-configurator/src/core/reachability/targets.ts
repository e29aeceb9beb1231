import { needsTasks, tasksName, type RoutedService } from '../model/routed-service.js';
import { nameDestinations } from '../model/names.js';
import type { Target } from './describe-failure.js';

/**
 * Where the requests of services go, by backend. Left out is what is not ours to judge: services that sleep, and those
 * with a backend of their own text.
 */
export function targetsOf(services: readonly RoutedService[]): readonly Target[] {
  const names = nameDestinations(services.map(({ service }) => service));
  return services.flatMap(({ service, backendSnippet }) => {
    if (service.replicas === 0 || backendSnippet !== undefined) return [];
    return service.destinations.flatMap((destination) => {
      const { backend, httpsBackend } = names(service, destination);
      const { port, httpsPort, outboundHostname } = destination;
      const host = outboundHostname ?? (needsTasks(service) ? tasksName(service.name) : service.name);
      const to = (name: string, at: number | undefined): readonly Target[] =>
        at === undefined ? [] : [{ service: service.name, backend: name, host, port: at }];
      return [...to(backend, port), ...to(httpsBackend, httpsPort)];
    });
  });
}
