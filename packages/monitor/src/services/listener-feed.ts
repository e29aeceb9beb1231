import { createListenerClient, getRows, type ListenerClient } from '@docker-flow/daemon/feed/listener-client';
import { createServiceTable, type Pull } from '@docker-flow/daemon/feed/service-table';
import { createSubscription } from '@docker-flow/daemon/feed/subscription';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import {
  canonicalMonitorParameters,
  isServiceName,
  pickTargetLabels,
  type Parameters,
} from '@docker-flow/labels';
import type { Change } from '../core/services/monitor-state.js';
import { createRemovals } from './removals.js';

export interface PullOptions {
  readonly http: HttpClient;
  readonly describe: (parameters: Parameters) => Change;
  readonly merge: (changes: readonly Change[]) => void;
  readonly repeatMs: number;
  readonly logger: Logger;
  /** Called when a source has answered. */
  readonly onSuccess: (address: string) => void;
}

/** Lists pulled from elsewhere, and what notifications have said beside them. */
export interface Pulls {
  readonly actor: Actor;
  /** Resolves when every address has been asked once, with or without success. */
  readonly askedOnce: Promise<void>;
  /** A notification: newer than any list that was asked for before. `undefined`: it is gone. */
  note(name: string, parameters: Parameters | undefined): void;
}

/** Services of all listeners, at start and every `repeatMs`. */
export function pullServices(addresses: readonly string[], options: PullOptions): Pulls {
  const { http, logger, merge } = options;
  const removals = createRemovals(addresses.map((address) => createListenerClient(http, address).address));
  function readRows(source: string, rows: readonly Parameters[], removedBefore: ReadonlySet<string>) {
    const canonical = rows.map((row) => canonicalMonitorParameters(Object.entries(row)));
    const good = canonical.filter((row) => hasGoodName(row, logger));
    const listed = new Set(good.map((row) => row['serviceName'] ?? ''));
    const gone = removals.noteList(source, listed, removedBefore);
    if (gone.length > 0) {
      logger.info('Removed services are in no list any more, their persistent alerts go', { services: gone });
      merge(gone.map((service) => ({ kind: 'forget-service', service })));
    }
    return good;
  }
  return createPulls(
    addresses.map((address) => createListenerClient(http, address)),
    options,
    {
      firstPauseMs: 500,
      begin: () => removals.open(),
      readRows,
      put: (_service, parameters) => options.describe(parameters),
      remove: (service) => ({ kind: 'forget-service', service }),
      note: (service, parameters) => removals.note(service, parameters !== undefined),
    },
  );
}

function hasGoodName(row: Parameters, logger: Logger): boolean {
  const name = row['serviceName'] ?? '';
  if (name !== '' && !isServiceName(name))
    logger.warn('Row of a listener is skipped: not the name of a service', { serviceName: name });
  return isServiceName(name);
}

/** Node labels from all addresses of DF_GET_NODES_URL. */
export function pullNodes(
  urls: readonly string[],
  nodeTargetLabels: readonly string[],
  options: PullOptions,
): Pulls {
  const clients = urls.map((url): ListenerClient => ({
    address: url,
    getServices: ({ etag, signal } = {}) => getRows(options.http, url, etag, signal),
  }));
  return createPulls(clients, options, {
    // Nobody misses node labels for a moment.
    firstPauseMs: 5_000,
    begin: () => undefined,
    // The subscription knows its rows by serviceName; a node is known by its id. Without labels to store
    // nothing is kept.
    readRows: (_source, rows) =>
      nodeTargetLabels.length === 0 ? [] : rows.map((row) => ({ ...row, serviceName: row['id'] ?? '' })),
    put: (id, row) => ({ kind: 'put-node', id, labels: pickTargetLabels(row, nodeTargetLabels) }),
    remove: (id) => ({ kind: 'remove-node', id }),
    note: () => undefined,
  });
}

interface Kind<B> {
  readonly firstPauseMs: number;
  /** Taken down before a list is asked for. */
  readonly begin: () => B;
  readonly readRows: (source: string, rows: readonly Parameters[], begun: B) => readonly Parameters[];
  readonly put: (name: string, parameters: Parameters) => Change;
  readonly remove: (name: string) => Change;
  readonly note: (name: string, parameters: Parameters | undefined) => void;
}

function createPulls<B>(clients: readonly ListenerClient[], options: PullOptions, kind: Kind<B>): Pulls {
  const table = createServiceTable();
  let notifications = 0;
  /** By source: what was notified since then is newer than its next list, however often it is asked for. */
  const open = new Map<string, { readonly pull: Pull; readonly since: number; readonly begun: B }>();

  function beginPull(source: string): Pull {
    const current = open.get(source) ?? {
      pull: table.beginPull(source),
      since: notifications,
      begun: kind.begin(),
    };
    open.set(source, current);
    return current.pull;
  }

  /**
   * After a notification the whole list is asked for: a service that was removed and came back between two
   * pulls would otherwise be hidden behind a list that has not changed.
   */
  function readable(client: ListenerClient): ListenerClient {
    const { address } = client;
    let seen = -1;
    return {
      address,
      async getServices({ etag, signal } = {}) {
        // An address that stands in the list twice is asked twice.
        const { since, begun } = open.get(address) ?? { since: notifications, begun: kind.begin() };
        const isCurrent = seen === notifications;
        const answer = await client.getServices({
          etag: isCurrent ? etag : undefined,
          ...(signal ? { signal } : {}),
        });
        open.delete(address);
        if (answer.kind === 'unchanged') return answer;
        seen = since;
        return { ...answer, rows: kind.readRows(address, answer.rows, begun) };
      },
    };
  }

  const subscription = createSubscription({
    listeners: clients.map(readable),
    beginPull,
    onChange(source, { changed, removed }) {
      options.logger.info('A list differs from what is known', { source, changed, removed });
      const put = changed.flatMap((name) => {
        const parameters = table.get(name);
        return parameters ? [kind.put(name, parameters)] : [];
      });
      options.merge([...put, ...removed.map(kind.remove)]);
    },
    onSuccess: options.onSuccess,
    repeatMs: options.repeatMs,
    firstPauseMs: kind.firstPauseMs,
    logger: options.logger,
  });
  return {
    actor: subscription,
    askedOnce: subscription.askedOnce,
    note(name, parameters) {
      notifications += 1;
      kind.note(name, parameters);
      if (parameters) table.upsert(name, parameters);
      else table.remove(name);
    },
  };
}
