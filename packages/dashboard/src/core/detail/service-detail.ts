import { serviceAlerts, type ServiceAlert } from '../join/service-alerts.js';
import { serviceProblems } from '../join/service-problems.js';
import { serviceRoutes } from '../join/service-routes.js';
import { serviceTasks, tasksByNode, type NodeTasks } from '../join/service-tasks.js';
import type { DeliveredAlert } from '../readings/alertmanager.js';
import type { Target } from '../readings/prometheus.js';
import type { Pieces, Readings, SourceName } from '../readings/readings.js';
import type { Decision, ScalerService, ScalerTask } from '../readings/scaler.js';
import type { RouteView } from '../view/view.js';
import { labelOutcomes, type LabelOutcome } from './label-outcomes.js';

/** A server of a backend, as HAProxy checks it. */
export interface BackendServer {
  readonly backend: string;
  readonly server: string;
  readonly state: string;
}

/** An alert with what Alertmanager has of it. */
export interface DetailedAlert extends ServiceAlert {
  readonly delivered: readonly DeliveredAlert[];
}

/** All that is known of one service. */
export interface ServiceDetail {
  readonly name: string;
  readonly labels: readonly LabelOutcome[];
  readonly routes: readonly RouteView[];
  readonly servers: readonly BackendServer[];
  readonly targets: readonly Target[];
  readonly alerts: readonly DetailedAlert[];
  readonly scaling?: ScalerService;
  readonly tasks: readonly NodeTasks[];
  readonly decisions: readonly Decision[];
  /** Who was asked for this and did not answer: servers are missing without Prometheus, what Swarm says of tasks without the scaler. */
  readonly unanswered: readonly SourceName[];
}

/** What is asked only when somebody looks at the service. */
export interface AskedNow {
  readonly servers: readonly BackendServer[];
  /** Absent where the scaler is not asked, or does not answer. */
  readonly tasks: readonly ScalerTask[] | undefined;
  readonly unanswered: readonly SourceName[];
}

const MOST_DECISIONS = 50;

export function serviceDetail(
  service: string,
  pieces: Pieces,
  readings: Readings,
  { servers, tasks, unanswered }: AskedNow,
): ServiceDetail {
  const problems = serviceProblems(service, pieces);
  const decisions = readings.scaler?.decisions ?? [];
  return {
    name: service,
    labels: labelOutcomes(service, pieces, problems),
    routes: serviceRoutes(service, pieces),
    servers,
    targets: pieces.prometheus?.targets ?? [],
    alerts: serviceAlerts(pieces, readings.prometheus?.rules ?? new Map()).map((alert) => ({
      ...alert,
      delivered: readings.alertmanager?.rules.get(alert.rule) ?? [],
    })),
    ...(pieces.scaler?.service === undefined ? {} : { scaling: pieces.scaler.service }),
    tasks: tasksByNode(tasks, serviceTasks(pieces.listener?.parameters)),
    decisions: decisions.filter((one) => one.service === service).slice(0, MOST_DECISIONS),
    unanswered,
  };
}
