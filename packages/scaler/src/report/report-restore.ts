import type { Telling } from './report.js';
import type { LookResult } from '../restore/restore-service.js';

/** Tells what a look at a service found: a restored count loudly, the deeds of others quietly. Answers the activity's id. */
export function tellLook(result: LookResult, telling: Telling): string | undefined {
  switch (result.kind) {
    case 'restored':
      return tellRestored(result, telling);
    case 'left':
      return telling.state.addActivity({
        atMs: telling.now(),
        service: result.service,
        outcome: 'noticed',
        asker: 'somebody else',
        request: `set ${result.replicas} replicas`,
        message: `${result.service} has ${result.replicas} replicas instead of the scaler's ${result.inForce}: left as it is`,
        explanation: result.why,
        from: result.inForce,
        to: result.replicas,
      }).id;
    case 'noticed':
      return telling.state.addActivity({
        atMs: telling.now(),
        service: result.service,
        outcome: 'noticed',
        asker: 'somebody else',
        request: `set ${result.to} replicas`,
        message: `${result.service} went from ${result.from} to ${result.to} replicas`,
        explanation: 'the scaler had no count in force',
        from: result.from,
        to: result.to,
      }).id;
    default:
      return undefined;
  }
}

function tellRestored(result: LookResult & { kind: 'restored' }, telling: Telling): string {
  const { service, from, to, trace } = result;
  const message = `Restored ${service} from ${from} to ${to} replicas after a deploy`;
  telling.alerts.send({
    name: 'scale_service',
    service,
    status: 'success',
    request: `Restore replicas: ${service}`,
    summary: message,
  });
  telling.messages.send(
    `${service} was scaled from ${from} to ${to} replicas: restored after a deploy`,
    'good',
  );
  telling.logger.info('Replicas restored after a deploy', { service, from, to, trace });
  telling.metrics.serviceRestored(service);
  const { id } = telling.state.addActivity({
    atMs: telling.now(),
    service,
    outcome: 'restored',
    asker: 'docker stack deploy',
    request: `set ${from} replicas`,
    message,
    explanation: `a deploy: ${trace}; the scaler had ${to} in force (com.df.scaleRestore=false switches this off)`,
    from,
    to,
  });
  telling.onChanged({ service, to, activityId: id, atMs: telling.now() });
  return id;
}
