import type { Decision } from '../core/autoscaling/decide.js';
import type { Condition, Obstacle } from '../core/autoscaling/look/conditions.js';
import type { SwarmService } from '../ports.js';
import type { Reporters } from './reporters.js';
import { createToldFailures } from './told-failures.js';

export interface TargetReport {
  readonly service: SwarmService;
  readonly decision: Decision;
  readonly explanation: string;
  readonly conditions: readonly Condition[];
  /** Those after the look before; empty at the first look. */
  readonly earlier: readonly Condition[];
  /** Absent when nothing was written. */
  readonly written: { readonly from: number; readonly to: number } | undefined;
  readonly obstacle: Obstacle | undefined;
  /** Nothing at all could be measured, which is not the service's trouble and told once for all of them. */
  readonly isEverybodys: boolean;
}

/** Who hears of what scaling on targets does: people of the first step of a series and of bounds, the page of all. */
export interface TargetReports {
  report(report: TargetReport): void;
  /** Why no service could be measured at this look; `undefined` when some could. */
  reportOutage(problem: string | undefined): void;
  /** Forgets the series of all other services. */
  keepOnly(ids: ReadonlySet<string>): void;
}

const ASKER = 'the target of the service';
const REQUEST = 'scale on target';
const ALL_SERVICES = 'services with a target';
/** After a pause of that length the next step begins a series of its own. */
const SERIES_ENDS_AFTER_MS = 10 * 60_000;

interface Series {
  readonly direction: 'up' | 'down';
  readonly atMs: number;
}

export function createTargetReports(reporters: Reporters): TargetReports {
  const { alerts, messages, logger, metrics, state, config, now, onChanged } = reporters;
  const told = createToldFailures(now);
  const series = new Map<string, Series>();

  function alert(service: string, status: 'success' | 'error', summary: string): void {
    alerts.send({
      name: 'scale_service',
      service,
      status,
      request: `Scale service on target: ${service}`,
      summary,
    });
  }

  function reportChange(
    { service: { id, name }, explanation }: TargetReport,
    from: number,
    to: number,
  ): void {
    const direction = to > from ? 'up' : 'down';
    const before = series.get(id);
    const isFirst = before?.direction !== direction || now() - before.atMs > SERIES_ENDS_AFTER_MS;
    series.set(id, { direction, atMs: now() });
    const message = `Scaling ${name} from ${from} to ${to} replicas`;
    if (isFirst) {
      alert(name, 'success', `${message}: ${explanation}`);
      messages.send(`${name} was scaled from ${from} to ${to} replicas: ${explanation}`, 'good');
    }
    logger.info('Scaled on target', { service: name, from, to, explanation });
    metrics.targetScaled(name, direction);
    const activity = { service: name, asker: ASKER, request: REQUEST, message, explanation, from, to };
    const added = state.addActivity({ atMs: now(), outcome: 'scaled', ...activity });
    onChanged({ service: name, to, activityId: added.id, atMs: now() });
  }

  function reportBound({
    service: { name, replicas = 0 },
    decision,
    conditions,
    earlier,
  }: TargetReport): void {
    const limited = conditions.find(({ type }) => type === 'ScalingLimited');
    const before = earlier.find(({ type }) => type === 'ScalingLimited');
    if (decision.limitedBy !== 'max' && decision.limitedBy !== 'min') return;
    if (limited === undefined || before?.reason === limited.reason) return;
    const isMax = decision.limitedBy === 'max';
    const message = isMax
      ? `${name} is at its maximum of ${decision.bounds.max} replicas, and its target asks for ${decision.proposal ?? 0}`
      : `${name} is at its minimum of ${decision.bounds.min} replicas`;
    if (isMax ? config.atMax : config.atMin) {
      alert(name, 'success', message);
      messages.send(message, 'bad');
    }
    state.addActivity({
      atMs: now(),
      service: name,
      outcome: 'held',
      asker: ASKER,
      request: REQUEST,
      message,
      explanation: limited.message,
      from: replicas,
      to: replicas,
    });
  }

  /** Metrics that fail and writes that are refused: told when they begin, not at every look. */
  function reportTrouble({ service: { name }, conditions, obstacle, isEverybodys }: TargetReport): void {
    if (isEverybodys && obstacle === undefined) return;
    const failing = conditions.find(({ reason }) => reason === 'FailedGetMetrics');
    const message = obstacle?.reason === 'FailedUpdate' ? obstacle.message : failing?.message;
    if (message === undefined) told.succeeded(name);
    if (message === undefined || !told.isNew(name, message)) return;
    logger.warn('A service is not scaled on its target', { service: name, reason: message });
    if (obstacle?.reason === 'FailedUpdate') {
      alert(name, 'error', message);
      messages.send(`${name} could not be scaled: ${message}`, 'bad');
    }
    state.addActivity({
      atMs: now(),
      service: name,
      outcome: 'failed',
      asker: ASKER,
      request: REQUEST,
      message: `${name} is not scaled on its target: ${message}`,
      explanation: 'its replicas stay as they are, unless another metric asks for more',
    });
  }

  return {
    report(report) {
      if (report.written) reportChange(report, report.written.from, report.written.to);
      reportBound(report);
      reportTrouble(report);
    },
    reportOutage(problem) {
      if (problem === undefined) told.succeeded(ALL_SERVICES);
      if (problem === undefined || !told.isNew(ALL_SERVICES, problem)) return;
      logger.warn('Nothing can be measured, the services that are scaled on targets keep their counts', {
        reason: problem,
      });
      state.addActivity({
        atMs: now(),
        service: ALL_SERVICES,
        outcome: 'failed',
        asker: ASKER,
        request: REQUEST,
        message: `Nothing can be measured: ${problem}`,
        explanation: 'replicas stay as they are, or where com.df.scaleFallback says',
      });
    },
    keepOnly(ids) {
      for (const id of series.keys()) if (!ids.has(id)) series.delete(id);
    },
  };
}
