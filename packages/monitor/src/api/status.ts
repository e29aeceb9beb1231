import { byText, formatIssue } from '@docker-flow/labels';
import { servicePart, type PartName } from '../core/files/build.js';
import { warningsOf } from '../core/services/service-warnings.js';
import type { Shortcut, Shortcuts } from '../core/shortcuts/shortcut.js';
import {
  alertsInForce,
  rejectedAlerts,
  type ServiceRecord,
  type MonitorState,
} from '../core/services/monitor-state.js';

export interface StatusInput {
  readonly rejectedParts: ReadonlyMap<PartName, string>;
  /** What Prometheus says of evaluations that fail, by the name of the rule. */
  readonly lastErrors: ReadonlyMap<string, string>;
}

/** What `/status` says of one service. */
export function serviceStatus(
  record: ServiceRecord,
  state: MonitorState,
  { rejectedParts, lastErrors }: StatusInput,
) {
  const { service, scrape } = record;
  return {
    serviceName: service,
    scrape: scrape && {
      scrapePort: scrape.port,
      scrapeType: scrape.type,
      metricsPath: scrape.metricsPath,
      scrapeInterval: scrape.interval,
      scrapeTimeout: scrape.timeout,
      targets: scrape.tasks.map(({ address }) => `${address}:${scrape.port}`),
      rejected: rejectedParts.get(servicePart(service)),
    },
    alerts: alertsInForce(record).map((alert) => ({
      alertName: alert.name,
      alertNameFormatted: alert.formattedName,
      expression: alert.expression,
      for: alert.for === '' ? undefined : alert.for,
      labels: alert.labels,
      keepFiringFor: alert.keepFiringFor === '' ? undefined : alert.keepFiringFor,
      annotations: alert.annotations,
      lastError: lastErrors.get(alert.formattedName),
      persistent: alert.persistent,
    })),
    rejected: rejectedAlerts(record),
    problems: warningsOf(state, record).map(formatIssue),
  };
}

/** What `/status` says of services, nodes, and rejected parts of the configuration; sorted by name. */
export function stateStatus(state: MonitorState, input: StatusInput) {
  const { services, nodes } = state;
  const byName = [...services.values()].sort(byText(({ service }) => service));
  const byId = [...nodes].sort(byText(([id]) => id));
  return {
    services: byName.map((record) => serviceStatus(record, state, input)),
    nodes: byId.map(([id, labels]) => ({ id, labels })),
    rejectedParts: [...input.rejectedParts].map(([part, reason]) => ({ part, reason })),
  };
}

/** What `/shortcuts` says: every shortcut with its values and what it becomes. */
export function shortcutList(shortcuts: Shortcuts) {
  return [...shortcuts.values()].sort(byText(({ name }) => name)).map(shownShortcut);
}

function shownShortcut({ name, origin, parameters, shown }: Shortcut) {
  const form = parameters.map((one) =>
    one.default === undefined ? one.name : `[${one.name}=${one.default}]`,
  );
  return {
    name,
    form: form.length === 0 ? name : `${name}:${form.join(',')}`,
    parameters,
    expression: shown.expression,
    summary: shown.summary,
    labels: shown.labels,
    origin,
  };
}
