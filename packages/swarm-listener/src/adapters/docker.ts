import type { IncomingMessage } from 'node:http';
import { UpstreamError, messageOf, type DockerConnection } from '@docker-flow/daemon';
import type { SwarmNode, SwarmService, SwarmTask } from '../core/service.js';
import type { Docker, SwarmHint, TaskQuery } from '../ports.js';
import { readNode, readService, readTask } from './docker-objects.js';
import { readJsonArray } from './json-array.js';
import { readLines } from './lines.js';

export interface DockerOptions {
  readonly connection: DockerConnection;
  /** `DF_NOTIFY_LABEL` as it is written: Docker's own label filter understands both forms. */
  readonly notifyLabel: string;
  readonly isKeptLabel: (label: string) => boolean;
  /** For a whole answer; a manager without quorum lets reads hang for 20 s. */
  readonly timeoutMs: number;
}

type Filters = Readonly<Record<string, readonly string[]>>;

interface Modem {
  dial(options: object, callback: (error: unknown, response: IncomingMessage | null) => void): void;
}

/** A connection that is never used again unless the engine answers: dead peers are noticed after a minute. */
const KEEP_ALIVE_MS = 30_000;

/** The few reads of the Engine API that we need, each as a stream with a limit. */
export function createDocker({ connection, notifyLabel, isKeptLabel, timeoutMs }: DockerOptions): Docker {
  const modem = connection.docker.modem as Modem;

  /** @throws {UpstreamError} with the engine's status as `details` */
  function open(path: string, query: object, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      modem.dial(
        {
          path: `${path}?`,
          method: 'GET',
          options: query,
          isStream: true,
          abortSignal: signal,
          statusCodes: { 200: true },
        },
        (error, response) => {
          if (response) resolve(response);
          else reject(failure(path, error));
        },
      );
    });
  }

  async function call<T>(
    path: string,
    query: object,
    read: (response: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    try {
      return await read(await open(path, query, limit.signal));
    } catch (error) {
      if (limit.signal.aborted) throw failure(path, new Error(`no answer within ${timeoutMs} ms`));
      throw error instanceof UpstreamError ? error : failure(path, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function list<T>(path: string, filters: Filters, read: (raw: unknown) => T): Promise<readonly T[]> {
    const result: T[] = [];
    const query = Object.keys(filters).length === 0 ? {} : { filters: JSON.stringify(filters) };
    await call(path, query, (response) =>
      readJsonArray(response as AsyncIterable<Buffer>, (element) =>
        result.push(read(JSON.parse(element) as unknown)),
      ),
    );
    return result;
  }

  async function inspect<T>(path: string, read: (raw: unknown) => T): Promise<T | undefined> {
    try {
      return await call(path, {}, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        return read(JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown);
      });
    } catch (error) {
      if (error instanceof UpstreamError && error.details === 404) return undefined;
      throw error;
    }
  }

  async function followEvents(
    filters: Filters,
    onOpen: () => void,
    onEvent: (event: Event) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await open('/events', { filters: JSON.stringify(filters) }, signal);
    response.socket.setKeepAlive(true, KEEP_ALIVE_MS);
    onOpen();
    try {
      await readLines(response as AsyncIterable<Buffer>, (line) => onEvent(JSON.parse(line) as Event));
    } catch (error) {
      throw failure('/events', error);
    }
  }

  return {
    negotiate: () => connection.negotiate(),
    listServices: () =>
      list<SwarmService>('/services', { label: [notifyLabel] }, (raw) => readService(raw, isKeptLabel)),
    inspectService: (id) =>
      inspect(`/services/${encodeURIComponent(id)}`, (raw) => readService(raw, isKeptLabel)),
    listTasks: (query) => list<SwarmTask>('/tasks', taskFilters(query), readTask),
    listNodes: () => list<SwarmNode>('/nodes', {}, readNode),
    inspectNode: (id) => inspect(`/nodes/${encodeURIComponent(id)}`, readNode),
    follow: (type, handlers, signal) =>
      followEvents(
        { type: [type] },
        () => handlers.onOpen(),
        (event) => {
          const hint = hintOf(event);
          if (hint && event.Type === type) handlers.onHint(hint);
        },
        signal,
      ),
    followLocalTasks: (onService, signal) =>
      followEvents(
        { type: ['container'], event: ['start', 'die', 'health_status'], label: [SERVICE_ID_LABEL] },
        () => undefined,
        (event) => {
          const id = event.Actor?.Attributes?.[SERVICE_ID_LABEL];
          if (id !== undefined) onService(id);
        },
        signal,
      ),
  };
}

const SERVICE_ID_LABEL = 'com.docker.swarm.service.id';

interface Event {
  readonly Type?: string;
  readonly Action?: string;
  readonly Actor?: { readonly ID?: string; readonly Attributes?: Readonly<Record<string, string>> };
}

function hintOf(event: Event): SwarmHint | undefined {
  const id = event.Actor?.ID;
  if (id === undefined || id === '') return undefined;
  const attributes = event.Actor?.Attributes ?? {};
  return {
    id,
    removed: event.Action === 'remove' || attributes['state.new'] === 'down',
    name: attributes['name'] ?? '',
  };
}

function taskFilters({ serviceIds, which }: TaskQuery): Filters {
  return {
    ...(serviceIds ? { service: serviceIds } : {}),
    ...(which === 'newest'
      ? { '_up-to-date': ['true'], 'desired-state': ['running', 'accepted'] }
      : { 'desired-state': ['running'] }),
  };
}

function failure(path: string, error: unknown): UpstreamError {
  const { statusCode } = (error ?? {}) as { statusCode?: unknown };
  return new UpstreamError(`Docker GET ${path}: ${messageOf(error).trim()}`, {
    cause: error,
    details: statusCode,
  });
}
