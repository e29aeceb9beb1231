import type { DockerCli } from './docker-cli.js';
import { until } from '../until.js';

/**
 * `docker node update` with these arguments. Swarm writes nodes itself, too: an update that is told
 * "update out of sequence" has come between and is sent again.
 */
export async function updateNode(docker: DockerCli, node: string, ...args: readonly string[]): Promise<void> {
  await until(
    `node ${node} updated`,
    async () => {
      try {
        await docker.run(['node', 'update', ...args, node]);
        return { done: true };
      } catch (error) {
        const reason = String(error);
        if (!reason.includes('update out of sequence')) throw error;
        return { notYet: reason };
      }
    },
    { everyMs: 200 },
  );
}
