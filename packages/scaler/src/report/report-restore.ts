import type { ResetCheck } from '../restore/check-for-reset.js';
import type { Reporters } from './reporters.js';

/** Reports what the check of a service found. Restores raise an alert and a message; other changes only an activity. */
export function reportRestore(result: ResetCheck, reporters: Reporters): void {
  switch (result.kind) {
    case 'restored':
      reportRestored(result, reporters);
      return;
    case 'left':
      reporters.state.addActivity({
        atMs: reporters.now(),
        service: result.service,
        outcome: 'noticed',
        asker: 'somebody else',
        request: `set ${result.replicas} replicas`,
        message: `${result.service} has ${result.replicas} replicas instead of the scaler's ${result.inForce}: left as it is`,
        explanation: result.why,
        from: result.inForce,
        to: result.replicas,
      });
      return;
    case 'noticed':
      reporters.state.addActivity({
        atMs: reporters.now(),
        service: result.service,
        outcome: 'noticed',
        asker: 'somebody else',
        request: `set ${result.to} replicas`,
        message: `${result.service} went from ${result.from} to ${result.to} replicas`,
        explanation: 'the scaler had no count in force',
        from: result.from,
        to: result.to,
      });
      return;
    case 'again':
      if (result.halted) reportHalted({ ...result.halted, ...result }, reporters);
      return;
    case 'nothing':
    case 'removed':
      return;
  }
}

/** Told once: it is found again every few seconds, until somebody has ended or repaired the update. */
function reportHalted(
  {
    service,
    inForce,
    replicas,
    why,
  }: { readonly service: string; readonly inForce: number; readonly replicas: number; readonly why: string },
  { messages, logger, state, now, toldFailures }: Reporters,
): void {
  const message = `${service} has ${replicas} replicas instead of the scaler's ${inForce}, and they are not restored: ${why}`;
  if (!toldFailures.isNew(service, message)) return;
  messages.send(message, 'bad');
  logger.warn('Replicas are not restored after a deploy', {
    service,
    replicas,
    wanted: inForce,
    reason: why,
  });
  state.addActivity({
    atMs: now(),
    service,
    outcome: 'held',
    asker: 'docker stack deploy',
    request: `set ${replicas} replicas`,
    message,
    explanation:
      'Swarm has stopped replacing tasks, because one of them failed; the replicas are restored when the update goes on or is replaced',
    from: inForce,
    to: replicas,
  });
}

function reportRestored(
  { service, from, to, trace }: ResetCheck & { kind: 'restored' },
  { alerts, messages, logger, metrics, state, now, onChanged }: Reporters,
): void {
  const message = `Restored ${service} from ${from} to ${to} replicas after a deploy`;
  alerts.send({
    name: 'scale_service',
    service,
    status: 'success',
    request: `Restore replicas: ${service}`,
    summary: message,
  });
  messages.send(`${service} was scaled from ${from} to ${to} replicas: restored after a deploy`, 'good');
  logger.info('Replicas restored after a deploy', { service, from, to, trace });
  metrics.serviceRestored(service);
  const { id } = state.addActivity({
    atMs: now(),
    service,
    outcome: 'restored',
    asker: 'docker stack deploy',
    request: `set ${from} replicas`,
    message,
    explanation: `a deploy: ${trace}; the scaler had ${to} in force (com.df.scaleRestore=false switches this off)`,
    from,
    to,
  });
  onChanged({ service, to, activityId: id, atMs: now() });
}
