import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import { createListenerClient, listenerUrl } from '@docker-flow/daemon/feed/listener-client';
import type { Pull, TableChanges } from '@docker-flow/daemon/feed/service-table';
import { byServiceName, createSubscription } from '@docker-flow/daemon/feed/subscription';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Parameters } from '@docker-flow/labels';
import type { ServiceTable } from '@docker-flow/daemon/feed/service-table';
import type { ServiceRequests } from './service-requests.js';

export interface ListenerFeed {
  readonly actor: Actor;
  /** Whether a complete list has arrived and is live. */
  readonly hasFetched: () => boolean;
  /**
   * Asks every listener to notify all services again.
   *
   * @throws {UpstreamError} naming those that did not
   */
  notifyServices(): Promise<void>;
  /** Asks every listener for the whole list now; one that does not answer is asked again in its own time. */
  pull(): Promise<void>;
}

export interface ListenerFeedDeps {
  readonly http: HttpClient;
  readonly table: ServiceTable;
  readonly requests: Pick<ServiceRequests, 'replaceAll'>;
  /** A complete list has come, which may have changed which services are listed. */
  readonly onList: () => void;
  readonly logger: Logger;
}

export interface ListenerFeedOptions {
  readonly addresses: readonly string[];
  /** Services that were listed in the last run: they go when every listener has answered and none names them. */
  readonly restored: readonly Parameters[];
  readonly intervalMs: number;
  readonly waitsBeforeFetch: boolean;
  /** Pause between two complete lists once one has arrived. */
  readonly repeatMs: number;
}

const NOTIFY_SERVICES = '/v1/docker-flow-swarm-listener/notify-services';

/** Pulls all services at start, from every listener, and then looks now and then for what was lost. */
export function createListenerFeed(deps: ListenerFeedDeps, options: ListenerFeedOptions): ListenerFeed {
  const { http, table, requests, logger } = deps;
  const { addresses, intervalMs } = options;
  let fetched = false;
  let replacing: Promise<void> = Promise.resolve();
  const clients = addresses.map((address) => createListenerClient(http, address));
  const beginPull = confirmEmptyList(deps);
  const restored = byServiceName(options.restored);
  if (restored.size > 0) for (const { address: source } of clients) beginPull(source).apply(restored);

  function takeOver(source: string, { changed, removed }: TableChanges): void {
    if (changed.length === 0 && removed.length === 0) return;
    logger.info('Services fetched from the listener', {
      listener: source,
      changed: changed.length,
      removed: removed.length,
    });
    const list = changed.map((name) => table.get(name)).filter((one) => one !== undefined);
    replacing = requests.replaceAll(list, removed).catch((error: unknown) => {
      logger.error('Services of the listener could not be made live', { reason: messageOf(error) });
    });
  }

  const subscription = createSubscription({
    listeners: clients,
    beginPull,
    onChange: takeOver,
    onSuccess() {
      void replacing.then(() => {
        fetched = true;
      });
    },
    repeatMs: options.repeatMs,
    firstPauseMs: intervalMs,
    maxPauseMs: intervalMs,
    logger,
  });
  return {
    hasFetched: () => fetched,
    actor: {
      name: 'listeners',
      async run(signal) {
        if (options.waitsBeforeFetch) await sleep(intervalMs, signal);
        await subscription.run(signal);
      },
    },
    async pull() {
      await Promise.all(
        clients.map(async (client) => {
          try {
            const pull = beginPull(client.address);
            const answer = await client.getServices();
            if (answer.kind === 'rows') takeOver(client.address, pull.apply(byServiceName(answer.rows)));
          } catch (error) {
            logger.warn('Services could not be fetched from the listener', {
              listener: client.address,
              reason: messageOf(error),
            });
          }
        }),
      );
      await replacing;
    },
    async notifyServices() {
      const failures = await Promise.all(
        addresses.map(async (address) => {
          const url = `${listenerUrl(address)}${NOTIFY_SERVICES}`;
          try {
            const { status } = await http.request({ url });
            return status === 200 ? [] : [`Swarm Listener responded with the status code ${status} (${url})`];
          } catch (error) {
            return [messageOf(error)];
          }
        }),
      );
      const list = failures.flat();
      if (list.length > 0) throw new UpstreamError(list.join(' ,'));
    },
  };
}

/**
 * A listener that has just started may answer before it has seen a service. An empty list after one that
 * was not is believed when it comes a second time.
 */
function confirmEmptyList({ table, onList, logger }: ListenerFeedDeps): (source: string) => Pull {
  const last = new Map<string, 'services' | 'unconfirmed'>();
  return (source) => {
    const pull = table.beginPull(source);
    return {
      apply(rows: ReadonlyMap<string, Parameters>) {
        if (rows.size === 0 && last.get(source) === 'services') {
          last.set(source, 'unconfirmed');
          logger.warn('The listener knows no services any more; asking again', { listener: source });
          throw new UpstreamError('the list is empty, which it was not before');
        }
        if (rows.size > 0) last.set(source, 'services');
        const changes = pull.apply(rows);
        onList();
        return changes;
      },
    };
  };
}
