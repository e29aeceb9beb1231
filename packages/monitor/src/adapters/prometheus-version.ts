import { NotFoundError } from '@docker-flow/daemon/errors';
import { runCommand } from '@docker-flow/daemon/process/child-process';
import { prometheusVersion, type PrometheusVersion } from '../core/prometheus/prometheus-log.js';

/** Version of the `prometheus` on PATH; `undefined` when there is none or it does not tell. */
export async function askPrometheusVersion(): Promise<PrometheusVersion | undefined> {
  try {
    const { stdout, stderr } = await runCommand('prometheus', ['--version'], { timeoutMs: 10_000 });
    return prometheusVersion(stdout + stderr);
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}
