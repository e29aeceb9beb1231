import type { ProxyService, Waking } from '@docker-flow/labels';
import { isSnippet, type BackendSnippet, type LookupTable, type Section } from '../model/directives.js';
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

/**
 * Where the servers of services that can wake are, by backend and server. Requests that wait in a worker of an earlier
 * configuration learn it there: no command reaches its servers. The script finds the file beside the table of replicas.
 */
export function addressTable(
  services: readonly RoutedService[],
  sections: readonly (Section | BackendSnippet)[],
  settings: Settings,
): LookupTable {
  const waking = new Set(
    services.flatMap(({ service }) => (wakingOf(service, settings) ? [service.name] : [])),
  );
  const entries = sections.flatMap((section) => {
    if (isSnippet(section) || !waking.has(section.owner ?? '')) return [];
    return section.lines.flatMap((one) => {
      if (one.kind !== 'server' || one.server.follow !== 'controller') return [];
      const { name, address, port } = one.server;
      return address === undefined ? [] : [[`${section.name ?? ''}/${name}`, `${address} ${port}`] as const];
    });
  });
  return { name: 'addresses', isForScript: true, entries: new Map(entries) };
}

/** How the Host header names the scaler. */
export function scalerAuthority({ host, port }: Scaler): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
