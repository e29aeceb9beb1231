import { isCanary } from '../canary/canaries.js';
import type { RoutedService } from '../model/routed-service.js';
import type { Settings } from '../model/settings.js';
import { wakingOf } from '../waking/sleepers.js';
import { authHostsOf } from '../backends/auth-servers.js';
import { isAddress } from '../backends/servers.js';

/**
 * Whether a service that waits for an address can have its backends before its routes. Then HAProxy needs no reload when
 * its name leads somewhere, as far as its routes are entries of tables; and without a route nobody's requests get there.
 * Of others more than the backend comes with the routes, so that there would be two reloads instead of one.
 */
export function canBeAwaited(routed: RoutedService, settings: Pick<Settings, 'scaler'>): boolean {
  const { service, frontendSnippet, backendSnippet } = routed;
  return (
    service.destinations.every(({ mode }) => mode === 'http') &&
    frontendSnippet === undefined &&
    backendSnippet === undefined &&
    !isCanary(routed) &&
    authHostsOf(service).length === 0 &&
    wakingOf(service, settings) === undefined
  );
}

/**
 * Whether the backends of a service that has gone can stay without a route. Servers rest once their name is not asked for
 * any more; one with an address of its own has no name, and HAProxy would go on checking it.
 */
export function canStayIdle(routed: RoutedService, settings: Pick<Settings, 'scaler'>): boolean {
  const { destinations } = routed.service;
  return (
    canBeAwaited(routed, settings) &&
    destinations.every(({ outboundHostname = '' }) => !isAddress(outboundHostname))
  );
}
