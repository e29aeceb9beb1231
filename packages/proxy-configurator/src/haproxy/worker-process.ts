import { readFile } from 'node:fs/promises';
import { readProcessStatus, type ProcessStatus } from '../core/haproxy-output/process-status.js';

/** What the kernel says of a process; `undefined` when it has ended. */
export async function statusOf(pid: number): Promise<ProcessStatus | undefined> {
  return readProcessStatus(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));
}

/** Sends a signal to a process, if it is still there and ours to tell. */
export function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself, or the right to tell it was taken from the container.
  }
}
