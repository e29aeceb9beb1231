import type { IncomingMessage } from 'node:http';
import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import type { Docker, SwarmEvent, TaskQuery } from '../ports.js';
import { readNode, readService, readTask } from './docker-objects.js';
import { failure, readJson, type Engine } from '@docker-flow/docker/engine-http';
import {
  UnusualListError,
  createListDecoder,
  splitList,
  type ListDecoder,
} from '@docker-flow/docker/json-list';
import { readLines } from '@docker-flow/docker/lines';

export interface DockerOptions {
  readonly engine: Engine;
  /** Services that have this label, whatever its value, are listed. */
  readonly notifyKey: string;
  readonly isKeptLabel: (label: string) => boolean;
  /** For a whole answer; a manager without quorum lets reads hang for 20 s. */
  readonly timeoutMs: number;
}

type Filters = Readonly<Record<string, readonly string[]>>;

/** A connection that is never used again unless the engine answers: dead peers are noticed after a minute. */
const KEEP_ALIVE_MS = 30_000;

/** The few reads of the Engine API that we need, each as a stream with a limit. */
export function createDocker({ engine, notifyKey, isKeptLabel, timeoutMs }: DockerOptions): Docker {
  const readOurs = (raw: unknown) => readService(raw, isKeptLabel);
  const serviceDecoder = createListDecoder(readOurs);
  /** Lists of everything are kept apart from lists of a few, which would make them forgotten. */
  const allTasksDecoder = createListDecoder(readTask);
  const someTasksDecoder = createListDecoder(readTask);
  const nodeDecoder = createListDecoder(readNode);

  async function call<T>(
    path: string,
    query: Readonly<Record<string, string>>,
    read: (response: IncomingMessage) => Promise<T>,
  ): Promise<T> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    try {
      return await read(await engine.open(path, query, limit.signal));
    } catch (error) {
      if (limit.signal.aborted) throw failure(path, `no answer within ${timeoutMs} ms`, undefined, error);
      throw error instanceof UpstreamError ? error : failure(path, messageOf(error), undefined, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function list<T extends { readonly id: string }>(
    path: string,
    filters: Filters,
    read: (raw: unknown) => T,
    decoder: ListDecoder<T>,
  ): Promise<readonly T[]> {
    const query: Record<string, string> =
      Object.keys(filters).length === 0 ? {} : { filters: JSON.stringify(filters) };
    try {
      return await call(path, query, async (response) => {
        const result: T[] = [];
        const run = decoder.begin();
        await splitList(response as AsyncIterable<Buffer>, (bytes) => result.push(run.decode(bytes)));
        run.end();
        return result;
      });
    } catch (error) {
      if (!(error instanceof UpstreamError && error.cause instanceof UnusualListError)) throw error;
    }
    // Something that is not quite Docker: then its lists are read whole. `null` is an empty one.
    return call(path, query, async (response) => {
      const whole = (await readJson(response)) ?? [];
      if (!Array.isArray(whole)) throw new Error('not a list');
      return whole.map(read);
    });
  }

  async function inspect<T>(path: string, read: (raw: unknown) => T): Promise<T | undefined> {
    try {
      return await call(path, {}, async (response) => read(await readJson(response)));
    } catch (error) {
      if (error instanceof UpstreamError && error.details === 404) return undefined;
      throw error;
    }
  }

  /** An engine answers at once, long before the first event; one that does not must be asked again. */
  async function openEvents(filters: Filters, signal: AbortSignal): Promise<IncomingMessage> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), timeoutMs);
    try {
      const query = { filters: JSON.stringify(filters) };
      return await engine.open('/events', query, AbortSignal.any([signal, limit.signal]));
    } catch (error) {
      if (!limit.signal.aborted) throw error;
      throw failure('/events', `no answer within ${timeoutMs} ms`, undefined, error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function followEvents(
    filters: Filters,
    onOpen: () => void,
    onEvent: (event: Event) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const response = await openEvents(filters, signal);
    response.socket.setKeepAlive(true, KEEP_ALIVE_MS);
    onOpen();
    try {
      await readLines(response as AsyncIterable<Buffer>, (line) => onEvent(JSON.parse(line) as Event));
    } catch (error) {
      throw failure('/events', messageOf(error), undefined, error);
    }
  }

  return {
    negotiate: () => engine.negotiate(AbortSignal.timeout(timeoutMs)),
    listServices: () => list('/services', { label: [notifyKey] }, readOurs, serviceDecoder),
    inspectService: (id) => inspect(`/services/${encodeURIComponent(id)}`, readOurs),
    listTasks: (query) =>
      list('/tasks', taskFilters(query), readTask, query.serviceIds ? someTasksDecoder : allTasksDecoder),
    listNodes: () => list('/nodes', {}, readNode, nodeDecoder),
    inspectNode: (id) => inspect(`/nodes/${encodeURIComponent(id)}`, readNode),
    follow: (type, handlers, signal) =>
      followEvents(
        { type: [type] },
        () => handlers.onOpen(),
        (event) => {
          const hint = eventOf(event);
          if (hint && event.Type === type) handlers.onEvent(hint);
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

function eventOf(event: Event): SwarmEvent | undefined {
  const id = event.Actor?.ID;
  if (id === undefined || id === '') return undefined;
  const attributes = event.Actor?.Attributes ?? {};
  return {
    id,
    removed: event.Action === 'remove' || attributes['state.new'] === 'down',
    name: attributes['name'] ?? '',
  };
}

/** Tasks of jobs are wanted complete while they run. */
const SERVING_STATES = ['running', 'complete'];

function taskFilters({ serviceIds, which }: TaskQuery): Filters {
  return {
    ...(serviceIds ? { service: serviceIds } : {}),
    ...(which === 'newest'
      ? { '_up-to-date': ['true'], 'desired-state': ['running', 'accepted'] }
      : { 'desired-state': SERVING_STATES }),
  };
}
