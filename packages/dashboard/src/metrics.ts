import { Counter, Gauge, type Registry } from 'prom-client';
import type { SourceName } from './core/readings/readings.js';

export interface DashboardMetrics {
  read(source: SourceName, isUp: boolean): void;
  changed(): void;
}

export function createDashboardMetrics(registry: Registry, openPages: () => number): DashboardMetrics {
  const registers = [registry];
  const up = new Gauge({
    name: 'docker_flow_dashboard_source_up',
    help: 'Whether a source answered when it was last asked',
    labelNames: ['source'],
    registers,
  });
  const failures = new Counter({
    name: 'docker_flow_dashboard_source_failures_total',
    help: 'How often a source did not answer as it should',
    labelNames: ['source'],
    registers,
  });
  const changes = new Counter({
    name: 'docker_flow_dashboard_changes_total',
    help: 'Changes that were sent to open pages',
    registers,
  });
  new Gauge({
    name: 'docker_flow_dashboard_open_pages',
    help: 'Pages that hear of changes at this moment',
    registers,
    collect() {
      this.set(openPages());
    },
  });
  return {
    read(source, isUp) {
      up.set({ source }, isUp ? 1 : 0);
      if (!isUp) failures.inc({ source });
    },
    changed: () => changes.inc(),
  };
}
