import { NotFoundError } from '@docker-flow/daemon/errors';
import { runCommand } from '@docker-flow/daemon/process/child-process';
import { prometheusMajor } from '../core/prometheus/prometheus-log.js';

/** Major version of the `prometheus` on PATH; `undefined` when there is none or it does not tell. */
export async function askPrometheusMajor(): Promise<number | undefined> {
  try {
    const { stdout, stderr } = await runCommand('prometheus', ['--version'], { timeoutMs: 10_000 });
    return prometheusMajor(stdout + stderr);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
