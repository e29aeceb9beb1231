import type { Alert } from '../core/alert.js';
import type { Reporters, Requester } from './reporters.js';

/** Reports a request that could not be understood. */
export function reportInvalidRequest(
  alert: Pick<Alert, 'name' | 'service'>,
  message: string,
  requester: Requester,
  { alerts, logger, state, now }: Reporters,
): void {
  alerts.send({ ...alert, status: 'error', request: 'Incorrect request', summary: message });
  logger.warn('Incorrect request', { alert: alert.name, requester: requester.name, summary: message });
  state.addActivity({
    atMs: now(),
    service: alert.name === 'scale_nodes' ? 'nodes' : 'no service',
    outcome: 'failed',
    asker: requester.name,
    request: 'incorrect request',
    message,
    explanation: 'the request could not be understood',
  });
}
