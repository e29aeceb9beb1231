import type { TargetMetric } from '../readings/scaler.js';
import type { RangeQuery } from './timeline.js';

/** Queries of how large each metric is, measured by its target: 1 is as it should be. */
export function targetQueries(service: string, metrics: readonly TargetMetric[]): readonly RangeQuery[] {
  return metrics.map(({ metric, on, type }) => {
    const value = one('docker_flow_scaler_target_value', service, 'metric', metric);
    const target = one('docker_flow_scaler_target', service, 'metric', metric);
    const replicas = one('docker_flow_scaler_service_replicas', service, 'kind', 'wanted');
    return {
      name: on,
      // A target for each task is compared with the sum of all.
      query: `${value} / ${target}${type === 'averageValue' ? ` / ${replicas}` : ''}`,
    };
  });
}

/** A job that has a label `service` of its own keeps that of the metric under another name. */
function one(name: string, service: string, label: string, value: string): string {
  const is = JSON.stringify(service);
  const more = `${label}=${JSON.stringify(value)}`;
  return `max(${name}{service=${is}, ${more}} or ${name}{exported_service=${is}, ${more}})`;
}
