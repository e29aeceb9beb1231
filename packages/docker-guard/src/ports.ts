import type { Readable } from 'node:stream';

/** One answer of the engine, as it comes. */
export interface EngineAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Readable;
}

export interface EngineCall {
  readonly method: 'GET' | 'POST';
  /** With version prefix, without query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** JSON text. */
  readonly body?: string;
}

/** The Docker Engine behind the guard. */
export interface Engine {
  /** The address, for messages. */
  readonly description: string;
  /** Any status is an answer. @throws {UpstreamError} when none came */
  ask(call: EngineCall, signal: AbortSignal): Promise<EngineAnswer>;
}
