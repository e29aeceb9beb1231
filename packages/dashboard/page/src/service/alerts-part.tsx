import type { ServiceDetail } from '../../../src/core/detail/service-detail.js';
import { formatDuration } from '../parts/format.js';
import { Badge, Empty } from '../parts/parts.js';
import { now } from '../state/store.js';

/** Its alerts as Prometheus evaluates them, with the time until one fires. */
export function AlertsPart({ alerts }: Pick<ServiceDetail, 'alerts'>) {
  if (alerts.length === 0)
    return (
      <Empty title="No alert">
        <code>com.df.alertName=memlimit</code> with <code>com.df.alertIf=@service_mem_limit:0.8</code> makes
        one.
      </Empty>
    );
  return (
    <ul class="plain alerts">
      {alerts.map((alert) => (
        <li key={alert.name}>
          <div class="line">
            <Badge tone={alert.state === 'firing' ? 'bad' : alert.state === 'pending' ? 'warning' : 'quiet'}>
              {alert.state === 'firing' ? '▲ firing' : alert.state === 'pending' ? '◔ pending' : alert.state}
            </Badge>
            <b>{alert.name}</b>
            {alert.value === undefined ? null : <span>value {alert.value}</span>}
            {alert.state === 'pending' && alert.activeAt !== undefined ? (
              <span class="soft">fires {untilFiring(alert.activeAt, alert.forSeconds)}</span>
            ) : null}
            {alert.delivered.map(({ state, receivers }, i) => (
              <span class="soft" key={i}>
                Alertmanager: {state === 'suppressed' ? 'silenced' : `told ${receivers.join(', ')}`}
              </span>
            ))}
          </div>
          <code class="value">{alert.expression}</code>
          {alert.forSeconds === 0 ? null : (
            <span class="soft small"> for {formatDuration(alert.forSeconds * 1_000)}</span>
          )}
          {alert.error === '' ? null : <p class="bad small">{alert.error}</p>}
        </li>
      ))}
    </ul>
  );
}

function untilFiring(activeAt: string, forSeconds: number): string {
  const left = Date.parse(activeAt) + forSeconds * 1_000 - now.value;
  return left <= 0 ? 'at the next evaluation' : `in ${formatDuration(left)}`;
}
