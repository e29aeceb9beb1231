import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Swarm } from '../ports.js';
import type { ConvergingServices } from './converging-services.js';

const RECONNECT_MS = 10_000;

/** Docker tells of tasks only on the node they run on; where that is here, there is no need to poll. */
export function followLocalTasks(
  swarm: Pick<Swarm, 'followLocalTasks'>,
  converging: Pick<ConvergingServices, 'watch'>,
  clock: Clock = systemClock,
): Actor {
  return {
    name: 'local tasks',
    async run(signal) {
      while (!signal.aborted) {
        await swarm.followLocalTasks((id) => converging.watch(id), signal).catch(() => undefined);
        await clock.sleep(RECONNECT_MS, signal);
      }
    },
  };
}
