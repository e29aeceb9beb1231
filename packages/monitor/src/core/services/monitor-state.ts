import { compareBytes, type Issue } from '@docker-flow/labels';
import { toRejectedAlert, type Alert, type AlertOutcome, type RejectedAlert } from './alert.js';
import { memoizeByIdentity } from '../text/memoize.js';
import type { NodeLabels, ScrapeSettings, ServiceScrape } from './service-scrape.js';

/** What is known of one service. */
export interface ServiceRecord {
  readonly service: string;
  readonly settings: ScrapeSettings;
  /** `undefined`: the service is not scraped. */
  readonly scrape: ServiceScrape | undefined;
  /** In the order of the request. */
  readonly outcomes: readonly AlertOutcome[];
  readonly warnings: readonly Issue[];
}

export const acceptedAlerts = memoizeByIdentity(({ outcomes }: ServiceRecord): readonly Alert[] =>
  outcomes.flatMap((outcome) => ('alert' in outcome ? [outcome.alert] : [])),
);

export function rejectedAlerts({ outcomes }: ServiceRecord): readonly RejectedAlert[] {
  return outcomes.flatMap((outcome) => ('rejected' in outcome ? [outcome.rejected] : []));
}

/** Everything the monitor knows. */
export interface MonitorState {
  readonly services: ReadonlyMap<string, ServiceRecord>;
  /** By node id. */
  readonly nodes: ReadonlyMap<string, NodeLabels>;
}

export type Change =
  | { readonly kind: 'put-service'; readonly record: ServiceRecord }
  /** The service is gone; its persistent alerts stay. */
  | { readonly kind: 'remove-service'; readonly service: string }
  /** No listener knows the service any more: nothing of it stays. */
  | { readonly kind: 'forget-service'; readonly service: string }
  | { readonly kind: 'put-node'; readonly id: string; readonly labels: NodeLabels }
  | { readonly kind: 'remove-node'; readonly id: string };

/** The service or node that a change is about: changes with the same subject depend on their order. */
export function subjectOf(change: Change): string {
  switch (change.kind) {
    case 'put-service':
      return `service ${change.record.service}`;
    case 'remove-service':
    case 'forget-service':
      return `service ${change.service}`;
    case 'put-node':
    case 'remove-node':
      return `node ${change.id}`;
  }
}

/** What a change took away. */
export interface Removed {
  readonly scrape: ServiceScrape | undefined;
  /** Sorted by formatted name. */
  readonly alerts: readonly Alert[];
  readonly node: NodeLabels | undefined;
}

export const EMPTY_STATE: MonitorState = { services: new Map(), nodes: new Map() };

/** The state after some changes, and what each of them took away. */
export function applyChanges(
  state: MonitorState,
  changes: readonly Change[],
): { readonly state: MonitorState; readonly removed: readonly Removed[] } {
  const services = new Map(state.services);
  const nodes = new Map(state.nodes);
  const removed = changes.map((change) => applyChange(services, nodes, change));
  return { state: { services, nodes }, removed };
}

export const NOTHING_REMOVED: Removed = { scrape: undefined, alerts: [], node: undefined };

function applyChange(
  services: Map<string, ServiceRecord>,
  nodes: Map<string, NodeLabels>,
  change: Change,
): Removed {
  switch (change.kind) {
    case 'put-service':
      services.set(change.record.service, change.record);
      return NOTHING_REMOVED;
    case 'remove-service':
      return removeService(services, change.service);
    case 'forget-service':
      services.delete(change.service);
      return NOTHING_REMOVED;
    case 'put-node':
      nodes.set(change.id, change.labels);
      return NOTHING_REMOVED;
    case 'remove-node': {
      const node = nodes.get(change.id);
      nodes.delete(change.id);
      return { ...NOTHING_REMOVED, node };
    }
  }
}

function removeService(services: Map<string, ServiceRecord>, service: string): Removed {
  const record = services.get(service);
  if (!record) return NOTHING_REMOVED;
  const inForce = alertsInForce(record);
  const persistent = inForce.filter((alert) => alert.persistent);
  if (persistent.length === 0) services.delete(service);
  else
    services.set(service, {
      service,
      settings: { service },
      scrape: undefined,
      outcomes: persistent.map((alert) => ({ alert })),
      warnings: [],
    });
  return { scrape: record.scrape, alerts: inForce.filter((alert) => !alert.persistent), node: undefined };
}

const inForceOf = memoizeByIdentity(findInForce);

/** The alerts of one service by formatted name; a later one replaces an earlier one. */
export function alertsInForce(record: ServiceRecord): readonly Alert[] {
  return inForceOf(record);
}

function findInForce(record: ServiceRecord): readonly Alert[] {
  const byName = new Map(acceptedAlerts(record).map((alert) => [alert.formattedName, alert]));
  return [...byName.values()].sort((a, b) => compareBytes(a.formattedName, b.formattedName));
}

/** The accepted alerts of one service that a later one of the same formatted name replaces. */
export function replacedAlerts(record: ServiceRecord): readonly Alert[] {
  const inForce = alertsInForce(record);
  const accepted = acceptedAlerts(record);
  return accepted.length === inForce.length ? [] : accepted.filter((alert) => !inForce.includes(alert));
}

/** The state without the alerts for which there is a reason against them. */
export function rejectAlerts(
  state: MonitorState,
  reasonOf: (alert: Alert) => string | undefined,
): MonitorState {
  const changed = new Map<string, ServiceRecord>();
  for (const [service, record] of state.services) {
    if (!acceptedAlerts(record).some((alert) => reasonOf(alert) !== undefined)) continue;
    changed.set(service, {
      ...record,
      outcomes: record.outcomes.map((outcome) => withRejection(outcome, reasonOf)),
    });
  }
  return changed.size === 0 ? state : { ...state, services: new Map([...state.services, ...changed]) };
}

function withRejection(outcome: AlertOutcome, reasonOf: (alert: Alert) => string | undefined): AlertOutcome {
  if (!('alert' in outcome)) return outcome;
  const reason = reasonOf(outcome.alert);
  return reason === undefined ? outcome : { rejected: toRejectedAlert(outcome.alert, reason) };
}
