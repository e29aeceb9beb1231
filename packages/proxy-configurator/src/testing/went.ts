import type { RunningProxy } from './running-proxy.js';

/** How often changes went live in some way. */
export async function went(program: Pick<RunningProxy, 'call'>, way: string): Promise<number> {
  const metrics = String((await program.call('/metrics')).body['text']);
  const line = new RegExp(`^docker_flow_proxy_reloads_total{[^}]*result="${way}"[^}]*} ([0-9]+)$`, 'gm');
  return [...metrics.matchAll(line)].reduce((sum, [, count]) => sum + Number(count), 0);
}
