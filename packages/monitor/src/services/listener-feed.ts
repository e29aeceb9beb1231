import {
  createServiceFeed,
  byServiceName,
  type ServiceFeed,
} from '@docker-flow/daemon/feed/create-service-feed';
import {
  createListenerClient,
  getRows,
  withoutUser,
  type ListenerClient,
} from '@docker-flow/daemon/feed/listener-client';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import {
  canonicalMonitorParameters,
  isServiceName,
  pickTargetLabels,
  type Parameters,
} from '@docker-flow/labels';
import type { Change } from '../core/services/monitor-state.js';

export interface FeedOptions {
  readonly http: HttpClient;
  readonly describe: (parameters: Parameters) => Change;
  readonly merge: (changes: readonly Change[]) => void;
  readonly repeatMs: number;
  /** Shown to listeners; `undefined`: none. */
  readonly token?: string | undefined;
  readonly logger: Logger;
  /** Called when a source has answered. */
  readonly onSuccess: (address: string) => void;
}

/** Nobody misses node labels for a moment. */
const FIRST_NODE_PAUSE_MS = 5_000;

/**
 * Services of all listeners, at start and every `repeatMs`. A service that a notification has removed keeps its
 * persistent alerts until no listener lists it any more.
 */
export function createServicesFeed(addresses: readonly string[], options: FeedOptions): ServiceFeed {
  const { http, logger, merge, describe, repeatMs, onSuccess } = options;
  return createServiceFeed({
    name: 'services',
    sources: addresses.map((address) => createListenerClient(http, address, { token: options.token })),
    readRows: (rows) =>
      byServiceName(
        rows
          .map((row) => canonicalMonitorParameters(Object.entries(row)))
          .filter((row) => hasGoodName(row, logger)),
      ),
    onChange(_source, { changed, removed, confirmed }) {
      if (confirmed.length > 0)
        logger.info('Removed services are in no list any more, their persistent alerts go', {
          services: confirmed,
        });
      merge([...forget(confirmed), ...[...changed.values()].map(describe), ...forget(removed)]);
    },
    onSuccess,
    repeatMs,
    logger,
  });
}

function forget(services: readonly string[]): readonly Change[] {
  return services.map((service) => ({ kind: 'forget-service', service }));
}

function hasGoodName(row: Parameters, logger: Logger): boolean {
  const name = row['serviceName'] ?? '';
  if (name !== '' && !isServiceName(name))
    logger.warn('Row of a listener is skipped: not the name of a service', { serviceName: name });
  return isServiceName(name);
}

/** Labels of nodes from all addresses of DF_GET_NODES_URL, by the node's id. Without labels to store nothing is kept. */
export function createNodesFeed(
  urls: readonly string[],
  nodeTargetLabels: readonly string[],
  { http, logger, merge, repeatMs, onSuccess }: FeedOptions,
): ServiceFeed {
  const sources = urls.map((url): ListenerClient => ({
    address: withoutUser(url),
    getServices: (asked = {}) => getRows(http, url, asked),
  }));
  return createServiceFeed({
    name: 'nodes',
    sources,
    readRows: (rows) =>
      new Map(
        rows.flatMap((row) => {
          const id = row['id'] ?? '';
          return id === '' || nodeTargetLabels.length === 0 ? [] : [[id, row] as const];
        }),
      ),
    onChange: (_source, { changed, removed }) =>
      merge([
        ...[...changed].map(([id, row]): Change => ({
          kind: 'put-node',
          id,
          labels: pickTargetLabels(row, nodeTargetLabels),
        })),
        ...removed.map((id): Change => ({ kind: 'remove-node', id })),
      ]),
    onSuccess,
    repeatMs,
    firstPauseMs: FIRST_NODE_PAUSE_MS,
    logger,
  });
}
