import { Counter, Gauge, type Registry } from 'prom-client';
import type { Decision } from './core/scaling/decide.js';
import type { ScalePolicy } from './core/scaling/scale-policy.js';

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
    removeService(service) {
      if (!touched.delete(service)) return;
      for (const kind of ['wanted', 'running', 'min', 'max']) replicas.remove({ service, kind });
    },
  };
}
