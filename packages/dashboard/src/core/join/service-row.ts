import type { Pieces } from '../readings/readings.js';
import type { Rule } from '../readings/prometheus.js';
import type { Flag, ServiceRow } from '../view/view.js';
import { serviceAlerts } from './service-alerts.js';
import type { FoundProblem } from './service-problems.js';
import { isLocked, routeText, serviceRoutes } from './service-routes.js';

export interface RowInput {
  readonly service: string;
  readonly pieces: Pieces;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly problems: readonly FoundProblem[];
}

/** What the list of services says of one. */
export function serviceRow({ service, pieces, rules, problems }: RowInput): ServiceRow {
  const { listener, prometheus, scaler } = pieces;
  const scaled = scaler?.service;
  const replicas = listener?.parameters?.['replicas'];
  const told = scaled?.replicas ?? scaler?.tasks;
  const wanted = told?.wanted ?? (replicas === undefined ? undefined : Number(replicas));
  const running = told?.running;
  const alerts = serviceAlerts(pieces, rules);
  const targets = prometheus?.targets ?? [];
  const routes = [...new Set(serviceRoutes(service, pieces).map(routeText))];
  const stack = scaled?.stack ?? stackOf(service);
  const row = {
    name: service,
    stack,
    short: stack !== '' && service.startsWith(`${stack}_`) ? service.slice(stack.length + 1) : service,
    ...(running === undefined ? {} : { running }),
    ...(wanted === undefined ? {} : { wanted }),
    ...(scaled === undefined ? {} : { min: scaled.min.value, max: scaled.max.value }),
    routes,
    locked: routes.length > 0 && isLocked(listener?.parameters),
    ...prometheus?.traffic,
    targets: targets.length,
    targetsUp: targets.filter(({ health }) => health === 'up').length,
    pending: alerts.filter(({ state }) => state === 'pending').length,
    firing: alerts.filter(({ state }) => state === 'firing').length,
    ...(scaler?.lastDecision === undefined ? {} : { lastDecision: brief(scaler.lastDecision) }),
    problems: problems.length,
  };
  const isRejected = problems.some(({ kind }) => kind === 'rejected');
  const isStopped = scaled?.stopped === true;
  return {
    ...row,
    flags: flagsOf(row, scaled?.paused === true),
    badness: badnessOf(row, isRejected, isStopped),
  };
}

type Row = Omit<ServiceRow, 'flags' | 'badness'>;

function flagsOf(row: Row, isPaused: boolean): readonly Flag[] {
  const { wanted, running, min, max } = row;
  const isAtBound = wanted !== undefined && min !== undefined && max !== undefined && min < max;
  return [
    ...(row.problems > 0 ? (['problem'] as const) : []),
    ...(row.pending + row.firing > 0 ? (['alerting'] as const) : []),
    ...(running !== undefined && wanted !== undefined && running !== wanted ? (['scaling'] as const) : []),
    ...(isAtBound && (wanted >= max || wanted <= min) ? (['at-bound'] as const) : []),
    ...(isPaused ? (['paused'] as const) : []),
    ...(row.routes.length === 0 ? (['no-route'] as const) : []),
  ];
}

/** The worst thing counts most; what is equally bad is sorted by how much of it there is. */
function badnessOf(row: Row, isRejected: boolean, isStopped: boolean): number {
  const { wanted, running, max, targets, targetsUp } = row;
  if (isRejected) return 700 + Math.min(row.problems, 99);
  if (row.firing > 0) return 600 + Math.min(row.firing, 99);
  if (targetsUp < targets) return 500;
  if (!isStopped && running !== undefined && wanted !== undefined && running < wanted) return 400;
  if (row.pending > 0) return 300;
  if (row.problems > 0) return 200 + Math.min(row.problems, 99);
  if (wanted !== undefined && max !== undefined && wanted >= max && (row.min ?? 0) < max) return 100;
  return 0;
}

function brief({ id, outcome, lastAtMs, from, to, message }: NonNullable<ServiceRow['lastDecision']>) {
  return {
    id,
    outcome,
    lastAtMs,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    message,
  };
}

/** Nobody but the scaler says the stack; Docker puts it before the name. */
function stackOf(service: string): string {
  const at = service.indexOf('_');
  return at > 0 ? service.slice(0, at) : '';
}
