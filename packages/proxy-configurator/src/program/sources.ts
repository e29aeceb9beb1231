import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { readServerCertificate } from '../certificates/pem.js';
import type { Config } from '../config/config.js';
import type { Capabilities } from '../core/model/settings.js';
import { createDnsWatcher } from '../services/addresses/dns-watcher.js';
import { environmentServices } from '../services/environment-services.js';
import { createListenerFeed, type ListenerFeed } from '../services/listener-feed.js';
import { prepareService } from '../services/prepare-service.js';
import { createServiceRequests, type ServiceRequests } from '../services/service-requests.js';
import { prepareFirstRun } from '../services/startup.js';
import { renderTemplateFile } from '../services/templates.js';
import type { Memory } from './memory.js';
import type { Serving } from './serving.js';

/** Services are asked for anew this often unless the operator says so himself. */
const REPEAT_FETCH_MS = 60_000;
/** A listener that is replaced together with the proxy is back within seconds, on a busy machine within more. */
const FIRST_LIST_LIMIT_MS = 30_000;
/** Where there are services of the last life, or of the environment, they need not wait as long for the others. */
const FIRST_LIST_LIMIT_OF_SOME_MS = 5_000;
const TASK_INTERVAL_MS = 1_000;
const VIP_INTERVAL_MS = 10_000;
/** Names of services without a task yet; each costs Docker a question to the name servers of its machine, too. */
const NOWHERE = { leastMs: 50, mostMs: 30_000, perSecond: 400 };

/** Where services come from: requests, listeners, the environment, and the last life. */
export interface Sources {
  readonly requests: ServiceRequests;
  readonly feed: ListenerFeed;
  readonly actors: readonly Actor[];
}

export interface SourcesDeps {
  readonly memory: Memory;
  readonly serving: Pick<Serving, 'runs' | 'told' | 'reconciliation'>;
  readonly capabilities: Capabilities;
  readonly http: HttpClient;
  readonly resolver: NameResolver;
  /** What the first configuration waits for, beside the services. */
  readonly beforeFirstRun: () => Promise<void>;
  readonly logger: Logger;
}

/** Puts the ways in which services come together; nothing runs before the actors do. */
export function createSources(config: Config, deps: SourcesDeps): Sources {
  const { memory, capabilities, http, resolver, logger } = deps;
  const { runs, told, reconciliation } = deps.serving;
  const { settings, files: paths } = config;
  const { addresses, table, hosts, saved } = memory;
  const requests = createServiceRequests(
    {
      store: memory.store,
      table,
      runs,
      told,
      prepare: (request) =>
        prepareService(
          request,
          {
            addresses,
            refreshOwnAddresses: () => memory.proxyAddresses.refresh(),
            readSecret: (name) => readFile(path.join(paths.secrets, name), 'utf8').catch(() => undefined),
            renderTemplate: (file, data) => renderTemplateFile(file, config.templatesPath, data),
            checkCertificate: readServerCertificate,
          },
          {
            settings,
            validateAddress: config.validateAddress,
            capabilities,
            allowRaw: config.allowRaw,
            hosts,
          },
        ),
      logger,
    },
    { settings, onlyInstance: config.filterInstance ? config.instanceName : undefined },
  );
  const feed = createListenerFeed(
    {
      http,
      table,
      requests,
      // Not before the first run: the services of the last life would be lost if this one ended now.
      onList: () => {
        if (reconciliation.isLive()) memory.changed();
      },
      logger,
    },
    {
      addresses: config.listeners,
      token: config.listenerToken,
      restored: saved.flatMap(({ parameters, isListed }) => (isListed ? [parameters] : [])),
      intervalMs: config.reloadIntervalMs,
      waitsBeforeFetch: config.waitsBeforeFetch,
      repeatMs: config.repeatReload ? config.reloadIntervalMs : REPEAT_FETCH_MS,
    },
  );
  /**
   * A HAProxy that starts before it knows a service answers 503 to whoever asks for it. Who tells the proxy of a service
   * himself does not wait for a listener that is not there: it is asked once more, and that is all.
   */
  async function firstList(signal: AbortSignal): Promise<void> {
    if (config.listeners.length === 0 || config.waitsBeforeFetch) return;
    const knowsSome = saved.length > 0 || environmentServices(config.environment).length > 0;
    const limitMs = knowsSome ? FIRST_LIST_LIMIT_OF_SOME_MS : FIRST_LIST_LIMIT_MS;
    const over = new AbortController();
    await Promise.race([
      feed.firstList,
      runs.asked.then(() => feed.pull()),
      sleep(limitMs, AbortSignal.any([signal, over.signal])),
    ]);
    over.abort();
  }

  const services: Actor = {
    name: 'services',
    async run(signal) {
      await Promise.all([
        prepareFirstRun(
          { requests, resume: () => reconciliation.resume(), logger },
          { environment: config.environment, saved: saved.map(({ parameters }) => parameters) },
        ),
        deps.beforeFirstRun(),
        firstList(signal),
      ]);
      runs.trigger();
      await runs.run(signal);
    },
  };
  const dnsWatcher = createDnsWatcher(
    {
      addresses,
      resolver,
      hosts: () => requests.hosts(),
      onChange: (changed) => requests.onAddresses(changed),
    },
    { taskIntervalMs: TASK_INTERVAL_MS, vipIntervalMs: VIP_INTERVAL_MS, nowhere: NOWHERE },
  );
  return {
    requests,
    feed,
    actors: [services, dnsWatcher, ...(config.listeners.length > 0 ? [feed.actor] : [])],
  };
}
