import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { readProcesses, type HaproxyProcesses } from '../core/haproxy-output/show-proc.js';
import { sendCommand } from './command-socket.js';

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
}

export const COMMAND_TIMEOUT_MS = 5_000;
/** A worker of HAProxy 3 that is asked while it still loads never answers that question: ask again, soon. */
export const FIRST_QUESTION_TIMEOUT_MS = 100;
export const POLL_MS = 3;
/** How long an old worker may take until it has heard that it shall stop. */
const SETTLE_MS = 5_000;

export function createWorkers({ masterSocket, terminateOnReload }: WorkersOptions): Workers {
  const ask = (pid: number, timeoutMs: number) => sendCommand(masterSocket, `@!${pid} show info`, timeoutMs);

  async function untilStopping(pid: number): Promise<void> {
    const deadline = performance.now() + SETTLE_MS;
    while (performance.now() < deadline) {
      try {
        const info = await ask(pid, FIRST_QUESTION_TIMEOUT_MS);
        if (!info.includes(`Pid: ${pid}`) || /^Stopping: 1/m.test(info)) return;
      } catch {
        // It is busy, or ends just now: the master says so to the next question.
      }
      await sleep(POLL_MS);
    }
  }

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
      if (terminateOnReload) oldWorkers.forEach(terminate);
      else await Promise.all(oldWorkers.map(untilStopping));
    },
  };
}

function terminate(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
