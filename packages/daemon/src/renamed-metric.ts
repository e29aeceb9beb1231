import { Counter, Gauge, type Registry } from 'prom-client';

export interface OldMetricName {
  readonly name: string;
  readonly metric: Counter | Gauge;
  readonly labelNames?: readonly string[];
}

/** Serves a metric that was renamed by its old name too, for dashboards and alerts that still ask for that. */
export function keepOldName(registry: Registry, { name, metric, labelNames = [] }: OldMetricName): void {
  const options = { name, help: 'Old name, served for one more version', labelNames, registers: [registry] };
  async function copy(old: Counter | Gauge): Promise<void> {
    old.reset();
    for (const { labels, value } of (await metric.get()).values) old.inc(labels, value);
  }
  if (metric instanceof Counter)
    new Counter({
      ...options,
      collect() {
        return copy(this);
      },
    });
  else
    new Gauge({
      ...options,
      collect() {
        return copy(this);
      },
    });
}
