import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { lookForHung, type LastRuns } from '../core/haproxy-output/hung-workers.js';
import type { ProcessStatus } from '../core/haproxy-output/process-status.js';
import { statusOf, tell } from './worker-process.js';

export interface OldWorkersDeps {
  /** Those that there are now. */
  readonly oldWorkers: () => Promise<readonly number[]>;
  readonly logger: Logger;
  readonly everyMs?: number;
  readonly nowMs?: () => number;
}

/**
 * Ends old workers that hang. HAProxy 3.2 leaves one behind now and then: its main thread is done and waits for another
 * thread, which goes on without anything to do. Its memory would stay taken.
 */
export function watchOldWorkers(deps: OldWorkersDeps): Actor {
  const { oldWorkers, logger, everyMs = 30_000, nowMs = () => performance.now() } = deps;
  let seen: LastRuns = new Map();

  async function look(): Promise<void> {
    const workers = new Map<number, ProcessStatus>();
    for (const pid of await oldWorkers()) {
      const status = await statusOf(pid);
      if (status) workers.set(pid, status);
    }
    const found = lookForHung(seen, workers, nowMs());
    ({ seen } = found);
    for (const pid of found.hung) {
      logger.warn('An old worker of HAProxy hangs and is ended', { pid });
      tell(pid, 'SIGKILL');
    }
  }

  return {
    name: 'old-workers',
    async run(signal) {
      while (!isAborted(signal)) {
        await sleep(everyMs, signal);
        if (!isAborted(signal)) await look();
      }
    },
  };
}
