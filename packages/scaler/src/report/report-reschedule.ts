import type { Reporters } from './reporters.js';

/** A request to replace tasks, as it is reported. */
export interface RescheduleRequest {
  /** What the alert says was asked for. */
  readonly alertRequest: string;
  /** The service, or words for all of them. */
  readonly service: string;
  readonly requester: string;
}

/** Reports what became of it. */
export function reportReschedule(
  { alertRequest, service, requester }: RescheduleRequest,
  { ok, message }: { readonly ok: boolean; readonly message: string },
  { alerts, state, now }: Pick<Reporters, 'alerts' | 'state' | 'now'>,
): void {
  alerts.send({
    name: 'reschedule_service',
    service: 'reschedule',
    status: ok ? 'success' : 'error',
    request: alertRequest,
    summary: message,
  });
  state.addActivity({
    atMs: now(),
    service,
    outcome: ok ? 'rescheduled' : 'failed',
    asker: requester,
    request: 'reschedule',
    message,
    explanation: ok ? 'a new value in the environment makes Docker replace the tasks' : 'see the log',
  });
}
