import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { ReloadResult } from '../ports.js';

/** How long a load may take. */
export interface LoadLimits {
  /** Of few services. */
  readonly reloadMs: number;
  /** What each megabyte of files adds: 3,000 services are three, which take two seconds on a machine at rest. */
  readonly reloadMsPerMegabyte: number;
}

const MEGABYTE = 1_000_000;

export function loadLimitMs({ reloadMs, reloadMsPerMegabyte }: LoadLimits, characters: number): number {
  return reloadMs + reloadMsPerMegabyte * (characters / MEGABYTE);
}

/**
 * One load of Prometheus at a time. A load that is not confirmed in time may still go on: before another one is asked
 * for, its end is awaited, so that it is not taken for the end of the next, and a server that is slow is not given ever
 * more to do. What `load` throws is thrown once, and holds up no other load.
 */
export function createLoads() {
  /** Resolves with the end of the load that was asked for last, whatever came of it. */
  let ended: Promise<'ended'> = Promise.resolve('ended');

  return async (load: () => Promise<ReloadResult>, limitMs: number): Promise<ReloadResult> => {
    if ((await within(ended, limitMs)) === undefined)
      return { kind: 'failed', reason: 'Prometheus is still loading what it was given before' };
    const loading = load();
    ended = loading.then(
      () => 'ended',
      () => 'ended',
    );
    return (
      (await within(loading, limitMs)) ?? {
        kind: 'failed',
        reason: `Prometheus does not confirm the reload within ${Math.round(limitMs / 100) / 10} s`,
      }
    );
  };
}

/** `undefined`: not yet. */
async function within<T>(work: Promise<T>, limitMs: number): Promise<T | undefined> {
  const known = new AbortController();
  try {
    return await Promise.race([work, sleep(limitMs, known.signal).then(() => undefined)]);
  } finally {
    known.abort();
  }
}
