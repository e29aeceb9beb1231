import type { RoutedService } from '../model/routed-service.js';
import type { BindPort, Settings } from '../model/settings.js';

/** Whether a service has anything for the frontend of http. */
export function hasHttp({ service }: RoutedService): boolean {
  return service.destinations.some(({ mode }) => mode === 'http');
}

/** `DEFAULT_PORTS` as far as they are open: without any service, or with an http one. Services for tcp and sni only leave them free. */
export function openDefaultPorts(
  services: readonly RoutedService[],
  { defaultPorts }: Pick<Settings, 'defaultPorts'>,
): readonly BindPort[] {
  return services.length === 0 || services.some(hasHttp) ? defaultPorts : [];
}

/** The ports on which http services are reached. */
export function httpPorts(
  services: readonly RoutedService[],
  settings: Pick<Settings, 'defaultPorts' | 'bindPorts'>,
): ReadonlyMap<number, BindPort> {
  const all = [...openDefaultPorts(services, settings), ...settings.bindPorts];
  return new Map(all.flatMap((one) => (one.port === undefined ? [] : [[one.port, one] as const])));
}
