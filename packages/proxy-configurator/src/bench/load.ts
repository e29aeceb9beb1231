import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Pipelined requests over some connections for so long. */
export interface Load {
  readonly port: number;
  readonly paths: readonly string[];
  readonly ms: number;
  readonly connections: number;
  /** Requests that a connection sends before it waits for their answers. */
  readonly depth: number;
}

export interface LoadResult {
  readonly answered: number;
  readonly failed: number;
}

/**
 * Answered requests.
 * @throws {Error} when one failed
 */
export async function requestFor(ms: number, port: number, paths: readonly string[]): Promise<number> {
  const load: Load = { port, paths, ms, connections: 8, depth: 16 };
  const worker = new Worker(new URL('requests-per-second.js', import.meta.url), { workerData: load });
  const [{ answered, failed }] = (await once(worker, 'message')) as [LoadResult];
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return answered;
}
