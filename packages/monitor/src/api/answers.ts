import { formatIssue, type Issue } from '@docker-flow/labels';
import type { Alert, RejectedAlert } from '../core/services/alert.js';
import { acceptedAlerts, rejectedAlerts, type ServiceRecord } from '../core/services/monitor-state.js';
import type { NodeLabels, ScrapeSettings } from '../core/services/service-scrape.js';

/** The body that clients of the original program decode; key names and oddities are a contract. */
export interface ServiceAnswer {
  readonly Status: number;
  readonly Message: string;
  readonly Alerts: readonly unknown[];
  readonly scrapeType: string;
  readonly serviceName: string;
  readonly [key: string]: unknown;
}

export interface NodeAnswer {
  readonly Status: number;
  readonly NodeID: string;
  readonly Message: string;
  readonly NodeLabel: NodeLabels | null;
}

export interface ServiceAnswerInput {
  readonly scrape: ScrapeSettings | undefined;
  readonly alerts: readonly Alert[];
  readonly rejected?: readonly RejectedAlert[];
  readonly warnings?: readonly Issue[];
  /** Why the scrape job was rejected; `undefined` when it was not. */
  readonly jobRejection?: string | undefined;
  /** Variables that Prometheus does not want, with the reason: nobody else is to blame for what they lack. */
  readonly rejectedVariables?: readonly string[];
  /** Why the new state is not live; `undefined` when it is. */
  readonly failure?: string | undefined;
  /** Whether DF_SCRAPE_TARGET_LABELS is set. */
  readonly picksTargetLabels: boolean;
}

/** The answer about a service that was described. */
export function recordAnswer(
  record: ServiceRecord,
  how: Omit<ServiceAnswerInput, 'scrape' | 'alerts' | 'rejected' | 'warnings'> & {
    /** Beside those of the record itself. */
    readonly moreWarnings?: readonly Issue[];
  },
): ServiceAnswer {
  return serviceAnswer({
    scrape: record.settings,
    alerts: acceptedAlerts(record),
    rejected: rejectedAlerts(record),
    ...how,
    warnings: [...record.warnings, ...(how.moreWarnings ?? [])],
  });
}

/** The answer of `reconfigure` and `remove`. */
export function serviceAnswer(input: ServiceAnswerInput): ServiceAnswer {
  const { scrape, alerts, rejected = [], failure, rejectedVariables: variables = [] } = input;
  const status = failure === undefined ? 200 : 500;
  const jobRejections =
    input.jobRejection === undefined ? [] : [`the scrape job is rejected: ${input.jobRejection}`];
  const told = (input.warnings ?? []).map(formatIssue);
  const warnings = [...told, ...jobRejections, ...variables];
  return {
    Status: status,
    Message: [failure, rejectedSummary(rejected), ...jobRejections, ...told, ...variables]
      .filter((text) => text !== undefined)
      .join('; '),
    Alerts: alerts.map(shownAlert),
    scrapeType: scrape?.type ?? '',
    serviceName: scrape?.service ?? '',
    ...(scrape ? shownScrape(scrape, input.picksTargetLabels) : {}),
    ...(rejected.length === 0 ? {} : { Rejected: rejected }),
    ...(warnings.length === 0 ? {} : { Warnings: warnings }),
  };
}

function rejectedSummary(rejected: readonly RejectedAlert[]): string | undefined {
  if (rejected.length === 0) return undefined;
  const list = rejected.map(({ alertName, reason }) => `${alertName} (${reason})`).join(', ');
  return `rejected ${rejected.length === 1 ? 'alert' : 'alerts'}: ${list}`;
}

/** A request without a usable service name: nothing has changed. */
export function badServiceRequest(message: string, serviceName = ''): ServiceAnswer {
  return { Status: 400, Message: message, Alerts: [], scrapeType: '', serviceName };
}

function shownAlert(alert: Alert): Readonly<Record<string, unknown>> {
  return {
    ...(isEmpty(alert.annotations) ? {} : { alertAnnotations: alert.annotations }),
    ...(alert.for === '' ? {} : { alertFor: alert.for }),
    ...(alert.keepFiringFor === '' ? {} : { alertKeepFiringFor: alert.keepFiringFor }),
    alertIf: alert.expression,
    ...(isEmpty(alert.labels) ? {} : { alertLabels: alert.labels }),
    alertName: alert.name,
    alertPersistent: alert.persistent,
    AlertNameFormatted: alert.formattedName,
    serviceName: alert.service,
    replicas: alert.replicas,
  };
}

function shownScrape(scrape: ScrapeSettings, picksTargetLabels: boolean): Readonly<Record<string, unknown>> {
  const { port, metricsPath, interval, timeout, tasks = [], targetLabels = {} } = scrape;
  const showsLabels =
    port !== undefined && (!isEmpty(targetLabels) || (tasks.length > 0 && picksTargetLabels));
  return {
    ...(metricsPath === undefined ? {} : { metricsPath: quotedTwice(metricsPath) }),
    ...(interval === undefined ? {} : { scrapeInterval: quotedTwice(interval) }),
    ...(showsLabels ? { scrapeLabels: targetLabels } : {}),
    ...(port === undefined ? {} : { scrapePort: String(port) }),
    ...(timeout === undefined ? {} : { scrapeTimeout: quotedTwice(timeout) }),
    ...(port === undefined || tasks.length === 0
      ? {}
      : { nodeInfo: tasks.map(({ nodeName, address, nodeId }) => [nodeName, address, nodeId]) }),
  };
}

/** Clients expect a text that itself holds a JSON text, in the form of Go's encoder. */
function quotedTwice(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isEmpty(entries: Readonly<Record<string, string>>): boolean {
  return Object.keys(entries).length === 0;
}

/** The answer of the node endpoints. */
export function nodeAnswer(id: string, labels: NodeLabels | null, failure: string | undefined): NodeAnswer {
  return { Status: failure === undefined ? 200 : 500, NodeID: id, Message: failure ?? '', NodeLabel: labels };
}

export function badNodeRequest(message: string): NodeAnswer {
  return { Status: 400, NodeID: '', Message: message, NodeLabel: null };
}
