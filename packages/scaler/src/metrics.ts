import { Counter, Gauge, type Registry } from 'prom-client';
import type { Condition } from './core/autoscaling/look/conditions.js';
import type { MetricOutcome } from './core/autoscaling/metrics/outcome.js';
import type { Decision } from './core/scaling/decide.js';
import type { ScalePolicy } from './core/scaling/scale-policy.js';

/** What a look at a service that is scaled on targets came to. */
export interface TargetLook {
  readonly metrics: readonly MetricOutcome[];
  readonly conditions: readonly Condition[];
  /** Of this moment. */
  readonly bounds: { readonly min: number; readonly max: number };
}

export interface ScalerMetrics {
  request(endpoint: string, result: string): void;
  serviceDecided(service: string, decision: Decision, policy: ScalePolicy): void;
  serviceRestored(service: string): void;
  alert(ok: boolean): void;
  message(ok: boolean): void;
  dockerError(call: string): void;
  awsError(call: string): void;
  nodesScaled(role: string, direction: string): void;
  waitPending(isPending: boolean): void;
  replicas(service: string, counts: { wanted: number; running?: number | undefined }): void;
  removeService(service: string): void;
  /** A look at all services that are scaled on targets. */
  look(ok: boolean, tookMs: number): void;
  target(service: string, look: TargetLook): void;
  targetScaled(service: string, direction: string): void;
  /** How much is wrong with the labels of a service; `undefined` when it is gone. */
  labelIssues(service: string, count: number | undefined): void;
}

/** Services become metric labels only once the scaler has something to do with them. */
export function createScalerMetrics(registry: Registry): ScalerMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: 'docker_flow_scaler_requests_total',
    help: 'Requests to scale or reschedule, by endpoint and result',
    labelNames: ['endpoint', 'result'],
    registers,
  });
  const scalings = new Counter({
    name: 'docker_flow_scaler_scalings_total',
    help: 'Changes of replicas that the scaler made, by service and direction',
    labelNames: ['service', 'direction'],
    registers,
  });
  const holds = new Counter({
    name: 'docker_flow_scaler_holds_total',
    help: 'Requests after which the replicas stayed, by service and reason',
    labelNames: ['service', 'reason'],
    registers,
  });
  const restores = new Counter({
    name: 'docker_flow_scaler_restores_total',
    help: 'Replicas put back after a deploy had reset them, by service',
    labelNames: ['service'],
    registers,
  });
  const nodes = new Counter({
    name: 'docker_flow_scaler_node_scalings_total',
    help: 'Changes of the number of nodes, by type and direction',
    labelNames: ['type', 'direction'],
    registers,
  });
  const replicas = new Gauge({
    name: 'docker_flow_scaler_service_replicas',
    help: 'Replicas of services the scaler has touched: wanted, running, and the bounds min and max',
    labelNames: ['service', 'kind'],
    registers,
  });
  const alerts = new Counter({
    name: 'docker_flow_scaler_alerts_total',
    help: 'Alerts posted to Alertmanager, by result',
    labelNames: ['result'],
    registers,
  });
  const messages = new Counter({
    name: 'docker_flow_scaler_messages_total',
    help: 'Messages posted to Slack, by result',
    labelNames: ['result'],
    registers,
  });
  const dockerErrors = new Counter({
    name: 'docker_flow_scaler_docker_errors_total',
    help: 'Docker calls that failed, by call',
    labelNames: ['call'],
    registers,
  });
  const awsErrors = new Counter({
    name: 'docker_flow_scaler_aws_errors_total',
    help: 'AWS calls that failed, by call',
    labelNames: ['call'],
    registers,
  });
  const pending = new Gauge({
    name: 'docker_flow_scaler_node_wait_pending',
    help: '1 while the scaler waits for nodes to come online',
    registers,
  });
  const labelIssues = new Gauge({
    name: 'docker_flow_scaler_label_issues',
    help: 'Labels of a service that the scaler cannot read or that make no sense; GET /v1/services says which',
    labelNames: ['service'],
    registers,
  });
  const looks = new Counter({
    name: 'docker_flow_scaler_looks_total',
    help: 'Looks at the services that are scaled on targets, by result; failed: Docker or a query failed',
    labelNames: ['result'],
    registers,
  });
  const lookSeconds = new Gauge({
    name: 'docker_flow_scaler_look_duration_seconds',
    help: 'How long the last look at the services that are scaled on targets took, writes included',
    registers,
  });
  const targetValue = new Gauge({
    name: 'docker_flow_scaler_target_value',
    help: 'What is compared with the target, by service and metric; absent when it could not be had',
    labelNames: ['service', 'metric'],
    registers,
  });
  const target = new Gauge({
    name: 'docker_flow_scaler_target',
    help: 'The target, by service and metric',
    labelNames: ['service', 'metric'],
    registers,
  });
  const condition = new Gauge({
    name: 'docker_flow_scaler_condition',
    help: 'Conditions of services that are scaled on targets: 1 when it holds. AbleToScale and ScalingActive should, ScalingLimited and Fallback should not',
    labelNames: ['service', 'type'],
    registers,
  });
  /** By service, the metrics it has series of. */
  const measured = new Map<string, readonly string[]>();
  function removeTarget(service: string): void {
    for (const metric of measured.get(service) ?? []) {
      targetValue.remove({ service, metric });
      target.remove({ service, metric });
    }
    measured.delete(service);
    for (const type of ['AbleToScale', 'ScalingActive', 'ScalingLimited', 'Fallback'])
      condition.remove({ service, type });
  }
  const touched = new Set<string>();
  for (const result of ['sent', 'failed']) {
    alerts.inc({ result }, 0);
    messages.inc({ result }, 0);
  }

  return {
    request: (endpoint, result) => requests.inc({ endpoint, result }),
    serviceDecided(service, decision, { min, max }) {
      touched.add(service);
      if (decision.kind === 'scale') scalings.inc({ service, direction: decision.direction });
      else holds.inc({ service, reason: decision.hold.why });
      const wanted = decision.kind === 'scale' ? decision.to : decision.replicas;
      replicas.set({ service, kind: 'wanted' }, wanted);
      replicas.set({ service, kind: 'min' }, min.value);
      replicas.set({ service, kind: 'max' }, max.value);
    },
    serviceRestored: (service) => restores.inc({ service }),
    alert: (ok) => alerts.inc({ result: ok ? 'sent' : 'failed' }),
    message: (ok) => messages.inc({ result: ok ? 'sent' : 'failed' }),
    dockerError: (call) => dockerErrors.inc({ call }),
    awsError: (call) => awsErrors.inc({ call }),
    nodesScaled: (type, direction) => nodes.inc({ type, direction }),
    waitPending: (isPending) => pending.set(isPending ? 1 : 0),
    replicas(service, { wanted, running }) {
      if (!touched.has(service)) return;
      replicas.set({ service, kind: 'wanted' }, wanted);
      if (running !== undefined) replicas.set({ service, kind: 'running' }, running);
    },
    labelIssues(service, count) {
      if (count === undefined) labelIssues.remove({ service });
      else labelIssues.set({ service }, count);
    },
    look(ok, tookMs) {
      looks.inc({ result: ok ? 'ok' : 'failed' });
      lookSeconds.set(tookMs / 1_000);
    },
    target(service, { metrics: outcomes, conditions, bounds }) {
      touched.add(service);
      replicas.set({ service, kind: 'min' }, bounds.min);
      replicas.set({ service, kind: 'max' }, bounds.max);
      for (const metric of measured.get(service) ?? [])
        if (!outcomes.some(({ name, value }) => name === metric && value !== undefined))
          targetValue.remove({ service, metric });
      measured.set(
        service,
        outcomes.map(({ name }) => name),
      );
      for (const { name: metric, value, target: wanted } of outcomes) {
        if (value !== undefined) targetValue.set({ service, metric }, value);
        target.set({ service, metric }, wanted);
      }
      for (const { type, status } of conditions) condition.set({ service, type }, status ? 1 : 0);
    },
    targetScaled: (service, direction) => scalings.inc({ service, direction }),
    removeService(service) {
      removeTarget(service);
      if (!touched.delete(service)) return;
      for (const kind of ['wanted', 'running', 'min', 'max']) replicas.remove({ service, kind });
    },
  };
}
