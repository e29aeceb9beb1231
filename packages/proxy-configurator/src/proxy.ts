import {
  createReconciler,
  createServiceTable,
  messageOf,
  type Logger,
  type Reconciler,
} from '@docker-flow/daemon/without-docker';
import { parseProxyLabels, type Parameters, type ProxyService } from '@docker-flow/labels';
import { hostsOf, needsTasks, tasksName } from './core/routed-service.js';
import { isAddress } from './core/servers.js';
import { describeWarnings, prepareService, type Preparing } from './prepare-service.js';
import type { Outcome } from './reconcile.js';
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
  /** The newest request about each service: an older one that was slower to prepare must not win. */
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
      registry.remove(name);
      return { service, rejection: undefined };
    }
    const prepared = await prepareService(parameters, preparing);
    if (newest.get(name) !== request) return { service, rejection: undefined };
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

  function forget(name: string): boolean {
    requests += 1;
    newest.set(name, requests);
    return registry.remove(name);
  }

  function hostsWanted(service: ProxyService): readonly string[] {
    return [
      ...hostsOf(service).filter((host) => !isAddress(host)),
      ...(needsTasks(service) ? [tasksName(service.name)] : []),
    ];
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
        registry.entries().flatMap(({ wanted, rejection }) => {
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
    async adopt(list, removed = []) {
      for (const name of removed) forget(name);
      await Promise.all(list.map((parameters) => accept(parameters)));
      await reconciler.submit();
    },
    hosts,
    onAddresses: (changed) => void retryUnresolved(changed),
  };
}

/** Whether no label says anything about a route. */
function asksForNothing({ name, destinations }: ProxyService): boolean {
  return name !== '' && destinations.length === 0;
}
