import { Registry } from 'prom-client';
import type { MetricDescription } from '../metrics-page.js';

/** What prom-client keeps of a metric; its types leave the label names out. */
interface Registered {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** The metrics that `create` registers, in the order in which it does. */
export function registeredMetrics(create: (registry: Registry) => unknown): readonly MetricDescription[] {
  const registry = new Registry();
  create(registry);
  const metrics = registry.getMetricsAsArray() as unknown as readonly Registered[];
  return metrics.map(({ name, help, type, labelNames }) => ({ name, help, type, labels: labelNames }));
}
