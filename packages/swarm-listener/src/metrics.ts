import { Counter, Gauge, type Registry } from 'prom-client';
import type { Issue } from '@docker-flow/labels';
import { keepOldName } from '@docker-flow/daemon/renamed-metric';
import type { Delivery, Outcome } from './core/notifications/delivery.js';

const PROGRAM = 'swarm_listener';

/** Operations that are counted when they fail, with the names of the original. */
export type FailedOperation =
  | 'serveGetServices'
  | 'serveGetNodes'
  | 'ListenForServiceEvents'
  | 'ListenForNodeEvents'
  | 'compareServices'
  | 'compareNodes'
  | 'inspectService'
  | 'inspectNode'
  | 'pollTasks';

/** As dashboards know them. */
const RESULTS: Readonly<Record<Outcome, string>> = {
  delivered: 'delivered',
  rejected: 'refused',
  'given up': 'given_up',
  cancelled: 'cancelled',
};

export interface DeliveryMetrics {
  started(delivery: Delivery): void;
  attempt(delivery: Delivery): void;
  settled(delivery: Delivery, outcome: Outcome): void;
}

export interface ListenerMetrics {
  failed(operation: FailedOperation): void;
  deliveries(kind: 'service' | 'node'): DeliveryMetrics;
  /** A comparison with Docker has succeeded; `drift`: differences no event had told of. */
  compared(kind: 'service' | 'node', drift: number, atSeconds: number): void;
}

export interface MetricSources {
  readonly knownServices: () => number;
  readonly waitingServices: () => number;
  readonly convergingServices: () => number;
  readonly labelIssues: () => readonly Issue[];
}

/** Our counters and gauges. The two of the original keep their names, help and labels. */
export function createListenerMetrics(registry: Registry, sources: MetricSources): ListenerMetrics {
  const registers = [registry];
  const errors = new Counter({
    name: 'docker_flow_error',
    help: 'Error counter',
    labelNames: ['service', 'operation'],
    registers,
  });
  new Gauge({
    name: 'docker_flow_service_count',
    help: 'Service gauge',
    labelNames: ['service'],
    registers,
    collect() {
      this.set({ service: PROGRAM }, sources.knownServices());
    },
  });
  const waits = new Gauge({
    name: 'docker_flow_swarm_listener_convergence_waits',
    help: 'Services that wait for their tasks before they are announced',
    registers,
    collect() {
      this.set(sources.waitingServices());
    },
  });
  const converging = new Gauge({
    name: 'docker_flow_swarm_listener_services_converging',
    help: 'Services whose tasks are looked at several times a second',
    registers,
    collect() {
      this.set(sources.convergingServices());
    },
  });
  new Gauge({
    name: 'docker_flow_swarm_listener_ignored_label',
    help: 'Labels that the listener reads and that are not in force as they are written; always 1',
    labelNames: ['service', 'label'],
    registers,
    collect() {
      this.reset();
      for (const { service, label } of sources.labelIssues()) this.set({ service, label }, 1);
    },
  });
  const labelNames = ['receiver', 'kind', 'event'] as const;
  const attempts = new Counter({
    name: 'docker_flow_swarm_listener_notification_attempts_total',
    help: 'Requests to receivers',
    labelNames,
    registers,
  });
  const results = [...labelNames, 'result'] as const;
  const notifications = new Counter({
    name: 'docker_flow_swarm_listener_notifications_total',
    help: 'Notifications by how they ended: delivered, refused, given up or cancelled',
    labelNames: results,
    registers,
  });
  const waiting = new Gauge({
    name: 'docker_flow_swarm_listener_notifications_waiting',
    help: 'Notifications that are queued, under way or waiting for another attempt',
    labelNames,
    registers,
  });
  const kinds = ['kind'] as const;
  const lastComparison = new Gauge({
    name: 'docker_flow_swarm_listener_last_comparison_timestamp_seconds',
    help: 'When everything was last compared with Docker',
    labelNames: kinds,
    registers,
  });
  const drift = new Counter({
    name: 'docker_flow_swarm_listener_drift_total',
    help: 'Differences that a comparison found and no event had told of',
    labelNames: kinds,
    registers,
  });
  for (const old of [
    { name: 'swarm_listener_convergence_waits', metric: waits },
    { name: 'swarm_listener_services_in_flux', metric: converging },
    { name: 'swarm_listener_notification_attempts_total', metric: attempts, labelNames },
    { name: 'swarm_listener_notifications_total', metric: notifications, labelNames: results },
    { name: 'swarm_listener_notifications_waiting', metric: waiting, labelNames },
    { name: 'swarm_listener_last_comparison_timestamp_seconds', metric: lastComparison, labelNames: kinds },
    { name: 'swarm_listener_drift_total', metric: drift, labelNames: kinds },
  ])
    keepOldName(registry, old);
  return {
    failed: (operation) => errors.inc({ service: PROGRAM, operation }),
    deliveries: (kind) => ({
      started: (delivery) => waiting.inc(labelsOf(kind, delivery)),
      attempt: (delivery) => attempts.inc(labelsOf(kind, delivery)),
      settled(delivery, outcome) {
        const labels = labelsOf(kind, delivery);
        waiting.dec(labels);
        notifications.inc({ ...labels, result: RESULTS[outcome] });
        if (outcome === 'given up' && !delivery.singleAttempt)
          errors.inc({
            service: PROGRAM,
            operation: `notificationSend${delivery.receiver.event === 'create' ? 'Create' : 'Remove'}${kind}Request`,
          });
      },
    }),
    compared(kind, differences, atSeconds) {
      lastComparison.set({ kind }, atSeconds);
      drift.inc({ kind }, differences);
    },
  };
}

function labelsOf(kind: string, { receiver }: Delivery): { receiver: string; kind: string; event: string } {
  return { receiver: receiver.host, kind, event: receiver.event };
}
