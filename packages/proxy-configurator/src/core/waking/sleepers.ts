import type { ProxyService, Waking } from '@docker-flow/labels';
import type { LookupTable } from '../model/directives.js';
import type { RoutedService } from '../model/routed-service.js';
import type { Scaler, Settings } from '../model/settings.js';

/** How a service is woken here; `undefined`: not at all. Canaries sleep with their stable service. */
export function wakingOf(
  { waking, canary, destinations }: ProxyService,
  { scaler }: Pick<Settings, 'scaler'>,
): Waking | undefined {
  if (scaler === undefined || canary) return undefined;
  return destinations.some(({ mode }) => mode === 'http') ? waking : undefined;
}

/** Whether a service keeps its routes though nothing of it runs. */
export function isAsleep(service: ProxyService, settings: Pick<Settings, 'scaler'>): boolean {
  return service.replicas === 0 && wakingOf(service, settings) !== undefined;
}

/**
 * The announced replicas of services that can wake. The table changes while HAProxy runs, and keeps its file, which
 * workers of earlier configurations read.
 */
export function replicaTable(services: readonly RoutedService[], settings: Settings): LookupTable {
  return {
    name: 'replicas',
    isLive: true,
    entries: new Map(
      services.flatMap(({ service }) =>
        wakingOf(service, settings) ? [[service.name, String(service.replicas ?? 1)] as const] : [],
      ),
    ),
  };
}

/** How the Host header names the scaler. */
export function scalerAuthority({ host, port }: Scaler): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
