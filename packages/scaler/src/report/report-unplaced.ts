import { messageOf } from '@docker-flow/daemon/errors';
import { unplacedTasks } from '../core/scaling/unplaced-tasks.js';
import type { ChangedService, Swarm } from '../ports.js';
import type { Reporters } from './reporters.js';

/** Tells people of a change whose tasks no node can take. What only starts slowly is no news. */
export async function reportUnplaced(
  { service, to }: ChangedService,
  serviceId: string,
  swarm: Pick<Swarm, 'listTasks'>,
  { messages, alerts, logger, state, now, toldFailures }: Reporters,
): Promise<void> {
  try {
    const unplaced = unplacedTasks(await swarm.listTasks([serviceId]));
    if (unplaced === undefined) return;
    const { tasks, reason } = unplaced;
    const message = `${service} has ${to} replicas, and ${tasks} of its tasks cannot be placed: ${reason}`;
    if (!toldFailures.isNew(service, message)) return;
    messages.send(message, 'bad');
    alerts.send({
      name: 'scale_service',
      service,
      status: 'error',
      request: `Place tasks: ${service}`,
      summary: message,
    });
    logger.warn('Tasks cannot be placed', { service, tasks, reason });
    state.addActivity({
      atMs: now(),
      service,
      outcome: 'failed',
      asker: 'Swarm',
      request: 'place the tasks',
      message,
      explanation: 'steps up do nothing until they are placed',
    });
  } catch (error) {
    logger.debug('Tasks cannot be listed', { service, reason: messageOf(error) });
  }
}
