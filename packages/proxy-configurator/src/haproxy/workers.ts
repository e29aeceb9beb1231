import { constants } from 'node:os';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { readProcesses, type HaproxyProcesses } from '../core/haproxy-output/show-proc.js';
import { sendCommand } from './command-socket.js';
import { statusOf, tell } from './worker-process.js';

/** The processes of a HAProxy, as its master knows them. */
export interface Workers {
  /** `undefined` when the master does not answer. */
  processes(): Promise<HaproxyProcesses | undefined>;
  /** Whether a worker answers commands. */
  answers(pid: number, timeoutMs: number): Promise<boolean>;
  /** Waits until old workers have heard that they shall stop: until then they still take connections. */
  settle(oldWorkers: readonly number[]): Promise<void>;
}

export interface WorkersOptions {
  readonly masterSocket: string;
  /** Ends old workers at once instead of letting their requests finish. */
  readonly terminateOnReload: boolean;
  /** How long an old worker may take until it has heard that it shall stop. */
  readonly settleTimeoutMs?: number;
}

export const COMMAND_TIMEOUT_MS = 5_000;
/**
 * A worker of HAProxy 3 that is asked while it still loads never answers that question: ask again, soon. Nine times in half
 * a minute with pauses twice as long each time, as its master has room for ten.
 */
export const FIRST_QUESTION_TIMEOUT_MS = 100;
export const LONGEST_QUESTION_TIMEOUT_MS = 8_000;
export const POLL_MS = 3;
/** A worker that has heard it, and has work all the time, has begun to stop by then. */
const HEARD_MS = 100;
const { SIGUSR1 } = constants.signals;

export function createWorkers(options: WorkersOptions): Workers {
  const { masterSocket, terminateOnReload, settleTimeoutMs = 5_000 } = options;
  const ask = (pid: number, timeoutMs: number) => sendCommand(masterSocket, `@!${pid} show info`, timeoutMs);

  return {
    async processes() {
      try {
        return readProcesses(await sendCommand(masterSocket, 'show proc', COMMAND_TIMEOUT_MS));
      } catch {
        return undefined;
      }
    },
    async answers(pid, timeoutMs) {
      try {
        return (await ask(pid, timeoutMs)).includes(`Pid: ${pid}`);
      } catch {
        return false;
      }
    },
    async settle(oldWorkers) {
      if (terminateOnReload) oldWorkers.forEach((pid) => tell(pid, 'SIGTERM'));
      else await Promise.all(oldWorkers.map((pid) => untilStopping(pid, settleTimeoutMs)));
    },
  };
}

/**
 * The worker is told once more to stop, which does no harm, and the kernel is asked whether it has heard that. It is not
 * asked itself: one that hangs leaves the question open, as does one of HAProxy 3 that ends just then, and hangs from then
 * on. A master has room for ten questions: once so many are open it answers nobody, and no reload comes through.
 */
async function untilStopping(pid: number, timeoutMs: number): Promise<void> {
  tell(pid, 'SIGUSR1');
  const deadline = performance.now() + timeoutMs;
  let heardAt = Infinity;
  while (performance.now() < Math.min(deadline, heardAt + HEARD_MS)) {
    const status = await statusOf(pid);
    if (status?.hasPending(SIGUSR1) !== true) {
      // It has done what it heard when it waits for connections again.
      if (status?.isWaiting !== false) return;
      heardAt = Math.min(heardAt, performance.now());
    }
    await sleep(POLL_MS);
  }
}
