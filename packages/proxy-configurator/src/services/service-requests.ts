import { createReconciler, type Reconciler } from '@docker-flow/daemon/concurrency/reconciler';
import { messageOf } from '@docker-flow/daemon/errors';
import { createServiceTable } from '@docker-flow/daemon/feed/service-table';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { parseProxyLabels, type Parameters, type ProxyService } from '@docker-flow/labels';
import { hostsOf, needsTasks, tasksName } from '../core/model/routed-service.js';
import { isAddress } from '../core/backends/servers.js';
import { describeWarnings, prepareService, type Preparing } from './prepare-service.js';
import type { Outcome } from '../install/reconcile.js';
import type { Rejection, ServiceRegistry } from './service-registry.js';

/** What became of a request about a service. */
export interface Answer {
  readonly service: ProxyService;
  readonly status: number;
  readonly message: string;
}

export interface Proxy {
  /** Reads a service's parameters and makes them live; answers when they are, or why they are not. */
  reconfigure(parameters: Parameters): Promise<Answer>;
  /** Takes a service away. Unknown ones are fine. */
  remove(name: string): Promise<void>;
  /** Reads all services anew, with secrets and templates, and reloads HAProxy. */
  recreate(): Promise<void>;
  /** Makes what is on disk run, whatever wrote it. */
  reloadFromDisk(): Promise<void>;
  /** Reconciles because something a configuration depends on has changed. */
  refresh(): Promise<Outcome>;
  /** Reads a whole list; it goes live with the next reconciliation. What anybody says after this call is newer. */
  take(list: readonly Parameters[]): Promise<void>;
  /** Takes a whole list at once: one reload for all. */
  adopt(list: readonly Parameters[], removed?: readonly string[]): Promise<void>;
  /** Hosts whose addresses matter. */
  hosts(): Iterable<string>;
  /** Addresses have changed: services that waited for them are tried again. */
  onAddresses(hosts: readonly string[]): void;
  readonly table: ReturnType<typeof createServiceTable>;
  readonly reconciler: Reconciler<Outcome>;
}

export interface ProxyParts {
  readonly registry: ServiceRegistry;
  readonly preparing: Preparing;
  readonly reconcile: (force: boolean) => Promise<Outcome>;
  readonly reloadFromDisk: () => Promise<void>;
  /** Called when a configuration could not be made live at all. */
  readonly onFailure: () => void;
  /** Only services of this instance are served; `undefined`: all. */
  readonly onlyInstance: string | undefined;
  readonly logger: Logger;
}

const GATHER_MS = 5;
const RETRY_MS = 5_000;

/** The services of this proxy and the ways they change. */
export function createProxy(parts: ProxyParts): Proxy {
  const { registry, preparing, logger } = parts;
  const table = createServiceTable();
  /** The newest request about each service while it is prepared: an older one that takes longer must not win. */
  const newest = new Map<string, number>();
  let requests = 0;
  let forced = false;
  let fromDisk = false;
  const reconciler = createReconciler<Outcome>({
    reconcile: async () => {
      if (fromDisk) {
        fromDisk = false;
        await parts.reloadFromDisk();
        return 'reloaded';
      }
      const force = forced;
      forced = false;
      try {
        return await parts.reconcile(force);
      } catch (error) {
        forced = force;
        throw error;
      }
    },
    debounceMs: GATHER_MS,
    retryMs: RETRY_MS,
    onError(error) {
      parts.onFailure();
      logger.error('Configuration could not be made live', { reason: messageOf(error) });
    },
  });

  function isOurs({ proxyInstanceName }: ProxyService): boolean {
    return (
      parts.onlyInstance === undefined ||
      (proxyInstanceName ?? '').toLowerCase() === parts.onlyInstance.toLowerCase()
    );
  }

  /** Brings a request into the registry; the rejection is what can be said before HAProxy has been asked. */
  async function accept(
    parameters: Parameters,
  ): Promise<{ service: ProxyService; rejection: Rejection | undefined }> {
    const { service } = parseProxyLabels(parameters, preparing.settings.labels);
    const { name } = service;
    requests += 1;
    const request = requests;
    newest.set(name, request);
    if (name !== '' && (!isOurs(service) || service.replicas === 0)) {
      forget(name);
      return { service, rejection: undefined };
    }
    const prepared = await prepareService(parameters, preparing).catch((error: unknown) => {
      if (newest.get(name) === request) newest.delete(name);
      throw error;
    });
    if (newest.get(name) !== request) return { service, rejection: undefined };
    newest.delete(name);
    if (prepared.ok) {
      registry.want(prepared.version);
      return { service: prepared.version.routed.service, rejection: undefined };
    }
    if (asksForNothing(service) && !registry.get(name)?.live) {
      // It is there for other programs, to be scraped perhaps: the caller hears no, but nothing is set aside.
      registry.remove(name);
      logger.debug('Service asks for no route', { service: name });
      return { service, rejection: prepared.rejection };
    }
    if (name !== '') registry.reject(name, parameters, prepared.rejection);
    logger.warn('Service is refused', { service: name, reason: prepared.rejection.message });
    return { service, rejection: prepared.rejection };
  }

  function outcomeOf(service: ProxyService, parameters: Parameters): Answer {
    const entry = registry.get(service.name);
    const { rejection } = entry ?? {};
    if (rejection?.parameters === parameters) {
      return { service, status: rejection.status, message: rejection.message };
    }
    const warnings = entry?.live?.parameters === parameters ? describeWarnings(entry.live) : '';
    return { service, status: 200, message: warnings };
  }

  async function reconfigure(parameters: Parameters): Promise<Answer> {
    const { service, rejection } = await accept(parameters);
    if (rejection) return { service, status: rejection.status, message: rejection.message };
    await reconciler.submit();
    return outcomeOf(service, parameters);
  }

  /** Requests about it that are still being prepared are void. */
  function forget(name: string): boolean {
    newest.delete(name);
    return registry.remove(name);
  }

  function hostsWanted(service: ProxyService): readonly string[] {
    return [
      ...hostsOf(service).filter((host) => !isAddress(host)),
      ...(needsTasks(service) ? [tasksName(service.name)] : []),
    ];
  }

  async function take(list: readonly Parameters[]): Promise<void> {
    await Promise.all(list.map((parameters) => accept(parameters)));
  }

  function* hosts(): Iterable<string> {
    for (const { wanted, live, rejection } of registry.entries()) {
      if (wanted) yield* hostsWanted(wanted.routed.service);
      if (live && live !== wanted) yield* hostsWanted(live.routed.service);
      if (rejection?.kind === 'unresolved') {
        yield* hostsWanted(parseProxyLabels(rejection.parameters, preparing.settings.labels).service);
      }
    }
  }

  async function retryUnresolved(changed: readonly string[]): Promise<void> {
    const waiting = registry
      .entries()
      .flatMap(({ rejection }) => (rejection?.kind === 'unresolved' ? [rejection.parameters] : []));
    for (const parameters of waiting) {
      const { service } = parseProxyLabels(parameters, preparing.settings.labels);
      // Meanwhile it may have been removed, or asked for anew.
      const isWaiting = registry.get(service.name)?.rejection?.parameters === parameters;
      if (!isWaiting || newest.has(service.name)) continue;
      if (hostsWanted(service).some((host) => changed.includes(host))) await accept(parameters);
    }
    reconciler.trigger();
  }

  return {
    table,
    reconciler,
    reconfigure,
    async remove(name) {
      table.remove(name);
      if (forget(name)) await reconciler.submit();
    },
    async recreate() {
      await Promise.all(
        registry.entries().flatMap(({ name, wanted, rejection }) => {
          if (newest.has(name)) return [];
          const parameters = rejection?.parameters ?? wanted?.parameters;
          return parameters ? [accept(parameters)] : [];
        }),
      );
      forced = true;
      await reconciler.submit();
    },
    async reloadFromDisk() {
      fromDisk = true;
      await reconciler.submit();
    },
    refresh: () => reconciler.submit(),
    take,
    async adopt(list, removed = []) {
      for (const name of removed) forget(name);
      await take(list);
      await reconciler.submit();
    },
    hosts,
    onAddresses(changed) {
      retryUnresolved(changed).catch((error: unknown) => {
        logger.error('Services that waited for an address could not be tried', { reason: messageOf(error) });
      });
    },
  };
}

/** Whether no label says anything about a route. */
function asksForNothing({ name, destinations }: ProxyService): boolean {
  return name !== '' && destinations.length === 0;
}
