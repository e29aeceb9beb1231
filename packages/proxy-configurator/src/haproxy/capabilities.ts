import { runCommand } from '@docker-flow/daemon/process/child-process';
import type { Capabilities } from '../core/model/settings.js';

const TIMEOUT_MS = 30_000;

/**
 * Which HAProxy runs here and what it was built with.
 *
 * @throws {NotFoundError} when there is no `haproxy` in PATH
 */
export async function detectCapabilities(): Promise<Capabilities> {
  const { stdout } = await runCommand('haproxy', ['-vv'], { timeoutMs: TIMEOUT_MS });
  const version = /version ([0-9]+)\.([0-9]+)/.exec(stdout);
  return {
    version: [Number(version?.[1] ?? 2), Number(version?.[2] ?? 6)],
    lua: /\+LUA\b|USE_LUA=1/.test(stdout),
    prometheusExporter: /\bprometheus-exporter\b|\+PROMEX/.test(stdout),
  };
}
