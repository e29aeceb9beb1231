import { createGate } from '@docker-flow/daemon/concurrency/gate';
import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import { byServiceName, createServiceFeed } from '@docker-flow/daemon/feed/create-service-feed';
import { createListenerClient, listenerUrl, withoutUser } from '@docker-flow/daemon/feed/listener-client';
import type { ServiceTable } from '@docker-flow/daemon/feed/service-table';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Parameters } from '@docker-flow/labels';
import type { ServiceRequests } from './service-requests.js';

export interface ListenerFeed {
  readonly actor: Actor;
  /** Whether a complete list has arrived and is live. */
  readonly hasFetched: () => boolean;
  /** Resolves when the services of the first list are stored, or no listener that answers has any. */
  readonly firstList: Promise<void>;
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
  /** Shown to listeners whose address has no password of its own. */
  readonly token?: string | undefined;
  /** Services that were listed in the last run: they go when every listener has answered and none names them. */
  readonly restored: readonly Parameters[];
  readonly intervalMs: number;
  readonly waitsBeforeFetch: boolean;
  /** Pause between two complete lists once one has arrived. */
  readonly repeatMs: number;
}

const FIRST_PAUSE_MS = 500;
const NOTIFY_SERVICES = '/v1/docker-flow-swarm-listener/notify-services';

/** Pulls all services at start, from every listener, and then looks now and then for what was lost. */
export function createListenerFeed(deps: ListenerFeedDeps, options: ListenerFeedOptions): ListenerFeed {
  const { http, table, requests, onList, logger } = deps;
  const { addresses, token, intervalMs } = options;
  let hasFetched = false;
  const stored = createGate();
  const feed = createServiceFeed({
    name: 'listeners',
    sources: addresses.map((address) => createListenerClient(http, address, { token })),
    table,
    restored: byServiceName(options.restored),
    doubtsEmptyLists: true,
    async onChange(_source, { changed, removed }) {
      try {
        await requests.replaceAll([...changed.values()], removed, stored.open);
      } catch (error) {
        logger.error('Services of the listener could not be made live', { reason: messageOf(error) });
      }
    },
    onSuccess() {
      hasFetched = true;
      onList();
    },
    waitMs: options.waitsBeforeFetch ? intervalMs : 0,
    repeatMs: options.repeatMs,
    // A listener that is replaced together with the proxy is back within seconds.
    firstPauseMs: Math.min(intervalMs, FIRST_PAUSE_MS),
    maxPauseMs: intervalMs,
    logger,
  });
  return {
    hasFetched: () => hasFetched,
    firstList: Promise.race([stored.opened, feed.firstAnswer]),
    actor: feed,
    pull: () => feed.pull(),
    async notifyServices() {
      const failures = await Promise.all(
        addresses.map(async (address) => {
          const url = `${listenerUrl(address)}${NOTIFY_SERVICES}`;
          try {
            const isOwn = withoutUser(url) !== url;
            const headers = token === undefined || isOwn ? {} : { Authorization: `Bearer ${token}` };
            const { status } = await http.request({ url, headers });
            return status === 200
              ? []
              : [`Swarm Listener responded with the status code ${status} (${withoutUser(url)})`];
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
