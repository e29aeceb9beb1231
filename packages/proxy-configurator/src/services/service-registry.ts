import type { Issue, Parameters } from '@docker-flow/labels';
import type { RoutedService } from '../core/model/routed-service.js';

/** One version of a service: what was asked for, read and completed. */
export interface ServiceVersion {
  readonly parameters: Parameters;
  readonly routed: RoutedService;
  readonly warnings: readonly Issue[];
}

/** Why a service is not routed as it asks: kind for metrics, status and message for the caller. */
export interface Rejection {
  readonly kind: 'labels' | 'unresolved' | 'address' | 'template' | 'port' | 'haproxy' | 'certificate';
  readonly status: number;
  readonly message: string;
}

export interface ServiceEntry {
  readonly name: string;
  /** The newest version that could be read. */
  wanted: ServiceVersion | undefined;
  /** The version that is part of the running configuration. */
  live: ServiceVersion | undefined;
  /** Why the newest request is not live; `of` is the version it speaks of, if it came that far. */
  rejection:
    (Rejection & { readonly of: ServiceVersion | undefined; readonly parameters: Parameters }) | undefined;
}

/** Services asked for and what became of them. */
export interface ServiceRegistry {
  readonly entries: () => readonly ServiceEntry[];
  get(name: string): ServiceEntry | undefined;
  /** A new version; it goes live with the next reconciliation. */
  want(version: ServiceVersion): void;
  /** The newest request cannot be served; a version that is live stays so. */
  reject(name: string, parameters: Parameters, rejection: Rejection, of?: ServiceVersion): void;
  /** True when the service was known. */
  remove(name: string): boolean;
  /** Records what runs now. */
  settle(live: ReadonlyMap<string, ServiceVersion>): void;
}

export function createServiceRegistry(): ServiceRegistry {
  const entries = new Map<string, ServiceEntry>();

  function entryOf(name: string): ServiceEntry {
    const known = entries.get(name);
    if (known) return known;
    const entry: ServiceEntry = { name, wanted: undefined, live: undefined, rejection: undefined };
    entries.set(name, entry);
    return entry;
  }

  return {
    entries: () => [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    get: (name) => entries.get(name),
    want(version) {
      const entry = entryOf(version.routed.service.name);
      entry.wanted = version;
      entry.rejection = undefined;
    },
    reject(name, parameters, rejection, of) {
      const entry = entryOf(name);
      entry.rejection = { ...rejection, parameters, of };
      if (of === undefined) entry.wanted = entry.live;
    },
    remove: (name) => entries.delete(name),
    settle(live) {
      for (const [name, entry] of entries) entry.live = live.get(name);
    },
  };
}

/** The version of a service that should run now. */
export function versionToRun({ wanted, live, rejection }: ServiceEntry): ServiceVersion | undefined {
  return rejection && (rejection.of === undefined || rejection.of === wanted) ? live : wanted;
}
