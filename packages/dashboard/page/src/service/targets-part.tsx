import type { ServiceDetail } from '../../../src/core/detail/service-detail.js';
import { Badge, Empty } from '../parts/parts.js';

/** What Prometheus scrapes of it. */
export function TargetsPart({ targets }: Pick<ServiceDetail, 'targets'>) {
  if (targets.length === 0)
    return (
      <Empty title="Not scraped">
        <code>com.df.scrapePort=8080</code> has its metrics scraped.
      </Empty>
    );
  return (
    <ul class="plain">
      {targets.map(({ url, health, lastError }) => (
        <li key={url}>
          <Badge tone={health === 'up' ? 'good' : health === 'down' ? 'bad' : 'quiet'}>
            {health === 'up' ? '✓ up' : health === 'down' ? '✕ down' : health}
          </Badge>{' '}
          <code>{url}</code>
          {lastError === '' ? null : <p class="bad small">{lastError}</p>}
        </li>
      ))}
    </ul>
  );
}
