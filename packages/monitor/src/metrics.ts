import { keepOldName } from '@docker-flow/daemon/renamed-metric';
import type { Issue } from '@docker-flow/labels';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export type NotificationKind = 'reconfigure' | 'remove' | 'node-reconfigure' | 'node-remove' | 'pull';

/** What the monitor says of itself. */
export interface MonitorMetrics {
  notified(kind: NotificationKind): void;
  rejected(count: number): void;
  reloaded(result: 'live' | 'rejected' | 'failed', seconds: number): void;
  sizes(sizes: {
    readonly services: number;
    readonly jobs: number;
    readonly alerts: number;
    readonly rejectedAlerts: number;
    readonly nodes: number;
    readonly unreadableLabels: number;
    readonly rejectedParts: number;
  }): void;
  /** Labels that are not in force as they are written, of all services. */
  warnings(all: readonly Pick<Issue, 'service' | 'label'>[]): void;
  /** Names of the rules whose last evaluation has failed. */
  failingRules(rules: readonly string[]): void;
  pulled(listener: string): void;
}

export function createMonitorMetrics(registry: Registry): MonitorMetrics {
  const registers = [registry];
  const notifications = new Counter({
    name: 'docker_flow_monitor_notifications_total',
    help: 'Requests and rows that changed a service or a node',
    labelNames: ['kind'],
    registers,
  });
  const rejectedAlerts = new Counter({
    name: 'docker_flow_monitor_rejected_alerts_total',
    help: 'Alerts that were not installed because Prometheus would reject them',
    registers,
  });
  const reloads = new Counter({
    name: 'docker_flow_monitor_reloads_total',
    help: 'Reloads of Prometheus by result: live, rejected or failed; refused is the old name of rejected, until the next version',
    labelNames: ['result'],
    registers,
  });
  const reloadSeconds = new Histogram({
    name: 'docker_flow_monitor_install_seconds',
    help: 'From the start of a run to the word of Prometheus that the configuration is live',
    buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers,
  });
  const lastGood = new Gauge({
    name: 'docker_flow_monitor_last_good_reload_timestamp_seconds',
    help: 'When Prometheus last confirmed a configuration',
    registers,
  });
  const lastPull = new Gauge({
    name: 'docker_flow_monitor_last_pull_timestamp_seconds',
    help: 'When a listener last answered with its services or said that nothing has changed',
    labelNames: ['listener'],
    registers,
  });
  const gauge = (name: string, help: string) =>
    new Gauge({ name: `docker_flow_monitor_${name}`, help, registers });
  const gauges = {
    services: gauge('services', 'Services known'),
    jobs: gauge('scrape_jobs', 'Services that are scraped'),
    alerts: gauge('alerts', 'Alerting rules installed'),
    rejectedAlerts: gauge('rejected_alerts', 'Alerts of known services that are not installed'),
    nodes: gauge('nodes', 'Nodes with stored labels'),
    unreadableLabels: gauge(
      'unreadable_labels',
      'Labels of known services that are not in force as they are written',
    ),
    rejectedParts: gauge('rejected_parts', 'Parts of the configuration that Prometheus rejects'),
  };
  const warnings = new Gauge({
    name: 'docker_flow_monitor_warnings',
    help: 'Labels that are not in force as they are written, by service and label',
    labelNames: ['service', 'label'],
    registers,
  });
  const failing = new Gauge({
    name: 'docker_flow_monitor_failing_rules',
    help: 'Alerting rules whose last evaluation has failed, by the name of the rule',
    labelNames: ['rule'],
    registers,
  });
  keepOldName(registry, { name: 'docker_flow_monitor_left_out_parts', metric: gauges.rejectedParts });
  for (const result of ['live', 'rejected', 'refused', 'failed']) reloads.inc({ result }, 0);
  return {
    notified: (kind) => notifications.inc({ kind }),
    rejected: (count) => rejectedAlerts.inc(count),
    reloaded(result, seconds) {
      reloads.inc({ result });
      if (result === 'rejected') reloads.inc({ result: 'refused' });
      reloadSeconds.observe(seconds);
      if (result === 'live') lastGood.setToCurrentTime();
    },
    sizes(sizes) {
      for (const [name, value] of Object.entries(sizes)) gauges[name as keyof typeof gauges].set(value);
    },
    warnings(all) {
      warnings.reset();
      for (const { service, label } of all) warnings.inc({ service, label });
    },
    failingRules(rules) {
      failing.reset();
      for (const rule of rules) failing.set({ rule }, 1);
    },
    pulled: (listener) => lastPull.set({ listener }, Date.now() / 1000),
  };
}
