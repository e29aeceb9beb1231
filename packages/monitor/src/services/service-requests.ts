import { pickTargetLabels, type Parameters } from '@docker-flow/labels';
import {
  acceptedAlerts,
  EMPTY_STATE,
  applyChanges,
  rejectAlerts,
  type ServiceRecord,
} from '../core/services/monitor-state.js';
import type { NodeLabels } from '../core/services/service-scrape.js';
import type { Installer } from '../install/installer.js';
import type { MonitorMetrics } from '../metrics.js';
import type { ServiceChanges, Verdict } from './service-changes.js';

/** What callers may ask for: one call for each endpoint. */
export interface ServiceRequests {
  /** Replaces the scrape job and all alerts of the service that the parameters describe. */
  reconfigure(service: string, parameters: Parameters): Promise<Verdict & { readonly record: ServiceRecord }>;
  /** What `reconfigure` would make of the parameters, with PromQL checked and nothing installed. */
  dryRun(parameters: Parameters): Promise<ServiceRecord>;
  /** Removes the scrape job and the alerts of a service that are not persistent. */
  remove(service: string): Promise<Verdict>;
  /** Replaces the labels of a node; answers those that are stored now. */
  reconfigureNode(id: string, parameters: Parameters): Promise<NodeResult & { readonly labels: NodeLabels }>;
  /** Forgets a node; answers the labels it had, `undefined` for an unknown one. */
  removeNode(id: string): Promise<NodeResult>;
}

export interface NodeResult {
  readonly labels: NodeLabels | undefined;
  /** Why the new state is not live; `undefined` when it is. */
  readonly failure: string | undefined;
}

/** Told of every notification, because it is newer than any list that was asked for before. */
export interface NotifiedFeed {
  /** `undefined`: it is gone. */
  noted(name: string, parameters: Parameters | undefined): void;
}

export interface ServiceRequestsDeps {
  readonly changes: Pick<ServiceChanges, 'submit'>;
  readonly installer: Pick<Installer, 'checkAlerts'>;
  readonly describe: (parameters: Parameters) => ServiceRecord;
  readonly services: NotifiedFeed;
  readonly nodes: NotifiedFeed;
  readonly metrics: Pick<MonitorMetrics, 'notified'>;
  readonly nodeTargetLabels: readonly string[];
}

export function createServiceRequests(deps: ServiceRequestsDeps): ServiceRequests {
  const { changes, describe, services, nodes, metrics } = deps;
  return {
    async reconfigure(service, parameters) {
      metrics.notified('reconfigure');
      services.noted(service, parameters);
      const record = describe(parameters);
      const verdict = await changes.submit({ kind: 'put-service', record });
      return { ...verdict, record: verdict.record ?? record };
    },
    async dryRun(parameters) {
      const record = describe(parameters);
      const reasons = await deps.installer.checkAlerts(acceptedAlerts(record));
      const { state } = applyChanges(EMPTY_STATE, [{ kind: 'put-service', record }]);
      return rejectAlerts(state, (alert) => reasons.get(alert)).services.get(record.service) ?? record;
    },
    remove(service) {
      metrics.notified('remove');
      services.noted(service, undefined);
      return changes.submit({ kind: 'remove-service', service });
    },
    async reconfigureNode(id, parameters) {
      metrics.notified('node-reconfigure');
      nodes.noted(id, parameters);
      const labels = pickTargetLabels(parameters, deps.nodeTargetLabels);
      const { failure } = await changes.submit({ kind: 'put-node', id, labels });
      return { labels, failure };
    },
    async removeNode(id) {
      metrics.notified('node-remove');
      nodes.noted(id, undefined);
      const { removed, failure } = await changes.submit({ kind: 'remove-node', id });
      return { labels: removed.node, failure };
    },
  };
}
