import { messageOf } from '@docker-flow/daemon/errors';
import type { ServiceTable } from '@docker-flow/daemon/feed/service-table';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { parseProxyLabels, type Issue, type Parameters, type ProxyService } from '@docker-flow/labels';
import { authHostsOf } from '../core/backends/auth-servers.js';
import { isAddress } from '../core/backends/servers.js';
import { hostsOf, needsTasks, tasksName } from '../core/model/routed-service.js';
import { rememberLast } from '../core/model/remember.js';
import type { Rejection, ServiceRequest, Verdict } from '../core/model/service-version.js';
import type { Settings } from '../core/model/settings.js';
import { isAsleep, wakingOf } from '../core/waking/sleepers.js';
import { describeWarnings, type PreparedService } from './prepare-service.js';
import type { Runs } from './runs.js';
import type { ServiceStore } from './service-store.js';
import { relationsOf, type RelationSettings } from './service-warnings.js';
import type { Told } from './told.js';
import { scalerIssues } from './warnings-here.js';

/** What became of a request about a service. */
export interface ServiceResult {
  readonly service: ProxyService;
  readonly status: number;
  readonly message: string;
}

/** The services of this proxy and the ways they change. */
export interface ServiceRequests {
  /** Reads a service's parameters and makes them live; answers when they are, or why they are not. */
  reconfigure(parameters: Parameters): Promise<ServiceResult>;
  /** Takes a service away. Unknown ones are fine. */
  remove(name: string): Promise<void>;
  /** Reads all services anew, with secrets and templates, and reloads HAProxy. */
  recreate(): Promise<void>;
  /** Reads a whole list; it goes live with the next run. What anybody says after this call is newer. */
  upsertAll(list: readonly Parameters[]): Promise<void>;
  /** Makes what a list has changed live at once: one reload for all. */
  replaceAll(list: readonly Parameters[], removed: readonly string[], onStored?: () => void): Promise<void>;
  /** Hosts whose addresses matter. */
  hosts(): Iterable<string>;
  /** Addresses have changed: services that waited for them are tried again. */
  onAddresses(hosts: readonly string[]): void;
}

export interface ServiceRequestsDeps {
  readonly store: ServiceStore;
  /** What has been notified, and what the listeners list. */
  readonly table: ServiceTable;
  readonly prepare: (request: ServiceRequest) => Promise<PreparedService>;
  readonly runs: Runs;
  readonly told: Told;
  readonly logger: Logger;
}

export interface ServiceRequestsOptions {
  readonly settings: Pick<Settings, 'labels' | 'scaler'> & RelationSettings;
  /** Only services of this instance are served; `undefined`: all. */
  readonly onlyInstance: string | undefined;
}

export function createServiceRequests(
  { store, table, prepare, runs, told, logger }: ServiceRequestsDeps,
  { settings, onlyInstance }: ServiceRequestsOptions,
): ServiceRequests {
  function read(parameters: Parameters): ServiceRequest {
    return { parameters, ...parseProxyLabels(parameters, settings.labels) };
  }

  function isOurs({ proxyInstanceName }: ProxyService): boolean {
    return (
      onlyInstance === undefined || (proxyInstanceName ?? '').toLowerCase() === onlyInstance.toLowerCase()
    );
  }

  function isServed(service: ProxyService): boolean {
    return isOurs(service) && (service.replicas !== 0 || isAsleep(service, settings));
  }

  /** What is told of a service that is not kept: why it does not wait to be woken may be a word nobody could read. */
  function toldOfGone(request: ServiceRequest): readonly Issue[] {
    return isOurs(request.service) ? [...request.warnings, ...scalerIssues(request, settings)] : [];
  }

  /** Brings a request into the store; answers why it cannot be served, as far as that can be said before a run. */
  async function accept(request: ServiceRequest): Promise<Rejection | undefined> {
    const { service } = request;
    const { name } = service;
    if (name !== '' && !isServed(service)) {
      store.remove(name);
      return undefined;
    }
    const open = store.open(name);
    const prepared = await prepare(request).catch((error: unknown) => {
      open.cancel();
      throw error;
    });
    if (!open.isNewest()) return undefined;
    if (prepared.ok) {
      open.accept(prepared.version);
      return undefined;
    }
    const { rejection, awaited } = prepared;
    if (asksForNothing(service) && !store.get(name)?.live) {
      // It is there for other programs, to be scraped perhaps: the caller hears no, but nothing is rejected.
      store.remove(name);
      logger.debug('Service asks for no route', { service: name });
      return rejection;
    }
    if (name === '') open.cancel();
    else open.reject({ ...rejection, request, awaited });
    if (awaited && !store.get(name)?.live) runs.trigger();
    told.rejected(name, rejection.message);
    return rejection;
  }

  async function upsertAll(list: readonly Parameters[]): Promise<void> {
    await Promise.all(list.map((parameters) => accept(read(parameters))));
  }

  /** Requests that wait for an address. */
  function unresolved(): readonly ServiceRequest[] {
    return store
      .entries()
      .flatMap(({ rejection }) => (rejection?.kind === 'unresolved' ? [rejection.request] : []));
  }

  async function retryUnresolved(changed: readonly string[]): Promise<void> {
    for (const request of unresolved()) {
      const { name } = request.service;
      // Meanwhile it may have been removed, or asked for anew.
      const isWaiting = store.get(name)?.rejection?.request === request && !store.isOpen(name);
      if (isWaiting && hostsWanted(request.service, settings).some((host) => changed.includes(host))) {
        await accept(request);
      }
    }
    runs.trigger();
  }

  return {
    async reconfigure(parameters) {
      const request = read(parameters);
      const { service } = request;
      const name = parameters['serviceName'];
      if (name) table.upsert(name, parameters);
      const rejection = await accept(request);
      if (rejection) return { service, status: rejection.status, message: rejection.message };
      const { verdicts } = await runs.submit();
      const verdict = verdicts.get(service.name);
      if (!verdict) return resultOf(service, undefined, toldOfGone(request));
      return resultOf(service, verdict, relationsOf(verdicts, settings).get(service.name));
    },
    async remove(name) {
      table.remove(name);
      if (store.remove(name)) await runs.submit();
    },
    async recreate() {
      await Promise.all(
        store.entries().flatMap(({ name, wanted, rejection }) => {
          const parameters = rejection?.request.parameters ?? wanted?.parameters;
          return parameters && !store.isOpen(name) ? [accept(read(parameters))] : [];
        }),
      );
      await runs.submit({ force: true });
    },
    upsertAll,
    async replaceAll(list, removed, onStored) {
      for (const name of removed) store.remove(name);
      await upsertAll(list);
      onStored?.();
      await runs.submit();
    },
    *hosts() {
      for (const { wanted, live } of store.entries()) {
        if (wanted) yield* hostsWanted(wanted.routed.service, settings);
        if (live && live !== wanted) yield* hostsWanted(live.routed.service, settings);
      }
      for (const { service } of unresolved()) yield* hostsWanted(service, settings);
    },
    onAddresses(changed) {
      retryUnresolved(changed).catch((error: unknown) => {
        logger.error('Services that waited for an address could not be tried', { reason: messageOf(error) });
      });
    },
  };
}

function resultOf(
  service: ProxyService,
  verdict: Verdict | undefined,
  issues: readonly Issue[] = [],
): ServiceResult {
  if (verdict?.rejection) {
    return { service, status: verdict.rejection.status, message: verdict.rejection.message };
  }
  return { service, status: 200, message: describeWarnings([...(verdict?.live?.warnings ?? []), ...issues]) };
}

/** They are looked at several times a second. */
const hostsWanted = rememberLast(findHosts);

function findHosts(service: ProxyService, { scaler }: Pick<Settings, 'scaler'>): readonly string[] {
  const asked = scaler && wakingOf(service, { scaler }) ? [scaler.host] : [];
  return [
    ...[...hostsOf(service), ...authHostsOf(service), ...asked].filter((host) => !isAddress(host)),
    ...(needsTasks(service) ? [tasksName(service.name)] : []),
  ];
}

/** Whether no label says anything about a route. */
function asksForNothing({ name, destinations }: ProxyService): boolean {
  return name !== '' && destinations.length === 0;
}
