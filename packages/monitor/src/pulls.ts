import {
  createListenerClient,
  createServiceTable,
  createSubscription,
  getRows,
  type HttpClient,
  type ListenerClient,
  type Logger,
  type ServiceTable,
  type Subscription,
} from '@docker-flow/daemon';
import {
  canonicalMonitorParameters,
  isServiceName,
  pickTargetLabels,
  type Parameters,
} from '@docker-flow/labels';
import type { Change } from './core/tables.js';
import type { Monitor } from './monitor.js';

export interface PullOptions {
  readonly http: HttpClient;
  readonly monitor: Monitor;
  readonly repeatMs: number;
  readonly logger: Logger;
  /** Called when a source has answered. */
  readonly onSuccess: (address: string) => void;
}

/** A source of lists, with what was heard from it and from notifications. */
export interface Pulls {
  readonly subscription: Subscription;
  readonly table: ServiceTable;
}

/** Services of all listeners, at start and every `repeatMs`. */
export function pullServices(addresses: readonly string[], options: PullOptions): Pulls {
  const { http, monitor, logger } = options;
  const table = createServiceTable();
  const listeners = addresses.map((address) => readable(createListenerClient(http, address), logger));
  const subscription = createSubscription({
    listeners,
    beginPull: (source) => table.beginPull(source),
    onChange(source, { changed, removed }) {
      logger.info('Services differ from what the listener says', { listener: source, changed, removed });
      const put = changed.flatMap((service): readonly Change[] => {
        const parameters = table.get(service);
        return parameters ? [{ kind: 'put-service', record: monitor.describe(parameters).record }] : [];
      });
      monitor.merge([...put, ...removed.map((service): Change => ({ kind: 'forget-service', service }))]);
    },
    onSuccess: options.onSuccess,
    repeatMs: options.repeatMs,
    logger,
  });
  return { subscription, table };
}

/** Rows under the names of the catalogue; rows whose name cannot be one of a service are left out. */
function readable(listener: ListenerClient, logger: Logger): ListenerClient {
  return {
    address: listener.address,
    async getServices(options) {
      const answer = await listener.getServices(options);
      if (answer.kind === 'unchanged') return answer;
      const rows = answer.rows.map((row) => canonicalMonitorParameters(Object.entries(row)));
      return { ...answer, rows: rows.filter((row) => hasGoodName(row, logger)) };
    },
  };
}

function hasGoodName(row: Parameters, logger: Logger): boolean {
  const name = row['serviceName'] ?? '';
  if (name !== '' && !isServiceName(name))
    logger.warn('Row of a listener is skipped: no name of a service', { serviceName: name });
  return isServiceName(name);
}

/** Node labels from all addresses of DF_GET_NODES_URL. */
export function pullNodes(
  urls: readonly string[],
  nodeTargetLabels: readonly string[],
  options: PullOptions,
): Pulls {
  const { http, monitor, logger } = options;
  const table = createServiceTable();
  const listeners = urls.map((url): ListenerClient => ({
    address: url,
    async getServices({ etag, signal } = {}) {
      const answer = await getRows(http, url, etag, signal);
      if (answer.kind === 'unchanged') return answer;
      // The subscription knows its rows by serviceName; a node is known by its id.
      return { ...answer, rows: answer.rows.map((row) => ({ ...row, serviceName: row['id'] ?? '' })) };
    },
  }));
  const subscription = createSubscription({
    listeners,
    beginPull: (source) => table.beginPull(source),
    onChange(_source, { changed, removed }) {
      const put = changed.map((id): Change => ({
        kind: 'put-node',
        id,
        labels: pickTargetLabels(table.get(id) ?? {}, nodeTargetLabels),
      }));
      monitor.merge([...put, ...removed.map((id): Change => ({ kind: 'remove-node', id }))]);
    },
    onSuccess: options.onSuccess,
    repeatMs: options.repeatMs,
    firstPauseMs: 5_000,
    logger,
  });
  return { subscription, table };
}
