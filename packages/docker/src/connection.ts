import type { IncomingMessage } from 'node:http';
import { messageOf } from '@docker-flow/daemon/errors';
import { limited, plainMessage, readText, touching, type Chunks } from './answer.js';
import { chooseApiVersion } from './api-version.js';
import { startLimit, type AnswerLimits } from './call-limit.js';
import { DockerError } from './docker-error.js';
import type { DockerEndpoint } from './endpoint.js';
import { readLines } from './lines.js';
import { readEvent, type DockerEvent } from './objects/read-event.js';
import { splitList } from './split-list.js';
import { createTransport, type DockerCall } from './transport.js';

export type Query = Readonly<Record<string, string>>;

export interface EventHandlers {
  /** The stream is open; `apiVersion` is what was agreed on, if the engine says what it speaks. */
  onOpen(apiVersion: string | undefined): void;
  onEvent(event: DockerEvent): void;
}

/**
 * One engine's API. Which version to speak is asked before the first call, at each opening of an event stream, and
 * after each call that failed: the engine may be another one by then. Every method throws {@link DockerError}.
 */
export interface DockerConnection {
  /** The endpoint, for messages. */
  readonly description: string;
  /** One call, answered as text of 64 MiB at most. */
  read(call: DockerCall): Promise<string>;
  readJson(path: string, query?: Query): Promise<unknown>;
  /** Hands over the bytes of each object of a list as they come; whoever decodes them may throw `SyntaxError`. */
  readList(path: string, query: Query, limits: ListLimits, onObject: (bytes: Buffer) => void): Promise<void>;
  /** Follows an event stream until it ends or breaks, or `signal` aborts. What cannot be read is left out. */
  follow(
    filters: Readonly<Record<string, readonly string[]>>,
    handlers: EventHandlers,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface ListLimits {
  /** Of the whole list. */
  readonly maxBytes: number;
}

const MEBIBYTE = 1024 * 1024;
const MAX_ANSWER_BYTES = 64 * MEBIBYTE;
/** Swarm itself refuses objects of more than about 1.5 MB. */
const MAX_OBJECT_BYTES = 8 * MEBIBYTE;
const MAX_EVENT_BYTES = MEBIBYTE;
const MAX_COMPLAINT_BYTES = 64 * 1024;
/** A stream that is never written to notices a dead peer after about this time. */
const KEEP_ALIVE_MS = 30_000;

/** Nothing is sent before the first call. */
export function connectDocker(endpoint: DockerEndpoint, limits: AnswerLimits): DockerConnection {
  const { description } = endpoint;
  const transport = createTransport(endpoint);
  let version: string | undefined;
  let isAgreed = false;
  let agreeing: Promise<void> | undefined;

  function agree(): Promise<void> {
    agreeing ??= askVersion().finally(() => (agreeing = undefined));
    return agreeing;
  }

  /** An engine, or a proxy before it, that does not say its version is spoken to without one. */
  async function askVersion(): Promise<void> {
    version = undefined;
    const call: DockerCall = { method: 'GET', path: '/version' };
    try {
      version = chooseApiVersion(
        JSON.parse(await attempt(call, (chunks) => readText(chunks, MAX_ANSWER_BYTES))),
      );
    } catch (error) {
      if (error instanceof DockerError && error.dockerStatus === undefined) throw error;
    }
    isAgreed = true;
  }

  async function request<T>(call: DockerCall, consume: (chunks: Chunks) => Promise<T>): Promise<T> {
    if (!isAgreed) await agree();
    try {
      return await attempt(call, consume);
    } catch (error) {
      const status = error instanceof DockerError ? error.dockerStatus : undefined;
      if (status === undefined || status >= 500) isAgreed = false;
      if (status !== 400 || !/client version .* is too (old|new)/.test(messageOf(error))) throw error;
    }
    // The engine has been replaced by another one; this call has done nothing there.
    await agree();
    return attempt(call, consume);
  }

  async function attempt<T>(call: DockerCall, consume: (chunks: Chunks) => Promise<T>): Promise<T> {
    const limit = startLimit(limits);
    try {
      const answer = await open(call, limit.signal);
      return await consume(touching(answer, () => limit.touch()));
    } catch (error) {
      throw explained(call, error, limit.expired());
    } finally {
      limit.stop();
    }
  }

  /** @throws {DockerError} of a refusal, or whatever the connection says */
  async function open(call: DockerCall, signal: AbortSignal): Promise<IncomingMessage> {
    const path = version === undefined ? call.path : `/v${version}${call.path}`;
    let answer: IncomingMessage;
    try {
      answer = await transport.dial({ ...call, path }, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable(messageOf(error), error);
    }
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    const complaint = await readText(answer, MAX_COMPLAINT_BYTES, 'cut');
    throw new DockerError(`Error response from daemon: ${plainMessage(complaint)}`, { dockerStatus: status });
  }

  function unreachable(reason: string, cause: unknown): DockerError {
    return new DockerError(
      `Cannot connect to the Docker daemon at ${description}. Is the docker daemon running? (${reason})`,
      { cause },
    );
  }

  function explained({ method, path }: DockerCall, error: unknown, expired: string | undefined): DockerError {
    if (expired !== undefined) transport.closeIdleConnections();
    else if (error instanceof DockerError) return error;
    const reason = expired ?? messageOf(error);
    return new DockerError(
      `The Docker daemon at ${description} failed to answer ${method} ${path}: ${reason}`,
      {
        cause: error,
      },
    );
  }

  function read(call: DockerCall): Promise<string> {
    return request(call, (chunks) => readText(chunks, MAX_ANSWER_BYTES));
  }

  return {
    description,
    read,
    async readJson(path, query) {
      const call: DockerCall = { method: 'GET', path, ...(query === undefined ? {} : { query }) };
      return request(call, async (chunks) => JSON.parse(await readText(chunks, MAX_ANSWER_BYTES)) as unknown);
    },
    readList(path, query, { maxBytes }, onObject) {
      return request({ method: 'GET', path, query }, (chunks) =>
        splitList(limited(chunks, maxBytes), { maxObjectBytes: MAX_OBJECT_BYTES }, onObject),
      );
    },
    async follow(filters, handlers, signal) {
      const call: DockerCall = {
        method: 'GET',
        path: '/events',
        query: { filters: JSON.stringify(filters) },
      };
      await agree();
      // An engine answers at once, long before the first event; from then on it may be silent for ever.
      const limit = startLimit(limits);
      try {
        const answer = await open(call, AbortSignal.any([signal, limit.signal]));
        limit.stop();
        answer.socket.setKeepAlive(true, KEEP_ALIVE_MS);
        handlers.onOpen(version);
        await readLines(answer as Chunks, { maxLineBytes: MAX_EVENT_BYTES }, (line) => {
          const event = readEvent(line);
          if (event) handlers.onEvent(event);
        });
      } catch (error) {
        isAgreed = false;
        throw explained(call, error, limit.expired());
      } finally {
        limit.stop();
      }
    },
  };
}
