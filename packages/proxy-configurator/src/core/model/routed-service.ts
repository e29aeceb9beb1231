import type { ProxyService } from '@docker-flow/labels';
import type { User } from './settings.js';

/** A service with everything that had to be looked up for it. */
export interface RoutedService {
  readonly service: ProxyService;
  /** Users that may use it; `undefined` when it asks for none of its own. */
  readonly users: readonly User[] | undefined;
  /** Text of its own frontend template. */
  readonly frontendSnippet: string | undefined;
  /** Text of its own backend template. */
  readonly backendSnippet: string | undefined;
}

/** Addresses by host name. A name that is missing or empty is not known to lead anywhere. */
export type Addresses = ReadonlyMap<string, readonly string[]>;

/** The name under which Swarm knows the addresses of a service's tasks. */
export function tasksName(service: string): string {
  return `tasks.${service}`;
}

/** Hosts whose addresses the configuration of a service depends on. */
export function hostsOf(service: ProxyService): readonly string[] {
  const hosts = service.destinations.map(({ outboundHostname }) => outboundHostname ?? service.name);
  return [...new Set(hosts)];
}

/** Whether the addresses of its tasks matter: stickiness, DNS discovery, or a tcp group. */
export function needsTasks(service: ProxyService): boolean {
  return (
    service.discovery === 'dns' ||
    service.sessionType === 'sticky-server' ||
    service.destinations.some(({ mode, serviceGroup }) => mode === 'tcp' && serviceGroup !== undefined)
  );
}
