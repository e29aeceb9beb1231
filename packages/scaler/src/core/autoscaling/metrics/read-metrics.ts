import { evaluateFormula } from '../formula/evaluate-formula.js';
import type { Memory } from '../memory.js';
import type { Observation } from '../observation.js';
import type { Fallback, FormulaMetric, Metric, Policy, Tolerance } from '../policy/policy.js';
import type { BothTolerances, Computed, MetricOutcome } from './outcome.js';
import { computeServiceMetric, readScalar, readyCount } from './service-metric.js';
import { groupTasks } from './task-groups.js';
import { computeTaskMetric } from './task-metric.js';

/** The name under which the outcome of a formula stands. */
export const FORMULA = 'formula';

/** All metrics of one look. */
export interface Reading {
  /** Those that propose: with a formula, the formula in the place of the service metrics. */
  readonly outcomes: readonly MetricOutcome[];
  /** Failed looks in a row by metric, this one included. */
  readonly failures: Readonly<Record<string, number>>;
  /** Whether a number of the service is above its activation, or a fallback speaks. */
  readonly isActive: boolean;
  /** Whether a metric of the service has failed, with no fallback speaking for it. */
  readonly hasFailedServiceMetric: boolean;
}

/** Computes every metric of a policy for one observation. */
export function readMetrics(policy: Policy, memory: Memory, observation: Observation): Reading {
  const inputs = policy.metrics.map((metric) => readOne(policy, metric, observation));
  const failures = Object.fromEntries(
    inputs.map(({ metric, computed }) => [
      metric.name,
      'failed' in computed ? (memory.failures[metric.name] ?? 0) + 1 : 0,
    ]),
  );
  const isBeyond = (name: string) =>
    policy.fallback !== undefined && (failures[name] ?? 0) > policy.fallback.failureThreshold;
  const { formula } = policy;
  const outcomes = inputs
    .filter(({ metric }) => formula === undefined || metric.per === 'task')
    .map(({ metric, computed }) =>
      outcomeOf(metric, computed, isBeyond(metric.name) ? policy.fallback : undefined, observation.current),
    );
  const composite = formula && formulaOutcome(policy, formula, inputs, isBeyond, observation);
  const ofService = composite ? [composite] : outcomes.filter((_, i) => policy.metrics[i]?.per === 'service');
  return {
    outcomes: composite ? [...outcomes, composite] : outcomes,
    failures,
    isActive:
      (composite
        ? isAbove(composite, policy.formula?.activation)
        : inputs.some(
            ({ metric, computed }) => metric.per === 'service' && isAbove(computed, metric.activation),
          )) || [...outcomes, ...ofService].some((outcome) => outcome.isFallback === true),
    hasFailedServiceMetric: ofService.some(({ failed }) => failed !== undefined),
  };
}

interface Input {
  readonly metric: Metric;
  readonly computed: Computed;
}

function readOne(policy: Policy, metric: Metric, observation: Observation): Input {
  return { metric, computed: compute(policy, metric, observation) };
}

function compute(policy: Policy, metric: Metric, observation: Observation): Computed {
  if (metric.problem !== undefined) return { failed: metric.problem };
  const { current, tasks = [], scalar } = observation;
  const tolerances = tolerancesOf(policy, metric.tolerance);
  if (metric.per === 'task') {
    if (scalar?.[metric.name] === 'error') return { failed: 'its query failed' };
    return computeTaskMetric(metric, groupTasks(tasks, metric, policy.readiness), current, tolerances);
  }
  const read = readScalar(scalar?.[metric.name], metric.empty);
  if ('failed' in read) return read;
  // An input of a formula is only read; it is the formula that is compared with a target.
  if (policy.formula) return { value: read.value, proposal: current };
  return computeServiceMetric(read.value, metric, { current, ready: readyCount(observation) }, tolerances);
}

function outcomeOf(
  { name, target }: { readonly name: string; readonly target: number },
  computed: Computed,
  fallback: Fallback | undefined,
  current: number,
): MetricOutcome {
  if (!('failed' in computed)) return { name, target, ...computed };
  const proposal = fallback && fallbackReplicas(fallback, current);
  if (proposal === undefined) return { name, target, ...computed };
  return { name, target, proposal, isFallback: true };
}

/** What the fallback proposes; the behavior `formula` leaves that to the formula. */
function fallbackReplicas({ behavior, replicas }: Fallback, current: number): number | undefined {
  switch (behavior) {
    case 'static':
      return replicas;
    case 'currentReplicas':
      return current;
    case 'currentReplicasIfHigher':
      return Math.max(current, replicas);
    case 'currentReplicasIfLower':
      return Math.min(current, replicas);
    case 'formula':
      return undefined;
  }
}

/** The number of a formula over the service metrics, compared with its target as one metric of the service. */
function formulaOutcome(
  policy: Policy,
  metric: FormulaMetric,
  inputs: readonly Input[],
  isBeyond: (name: string) => boolean,
  observation: Observation,
): MetricOutcome {
  const named = { name: FORMULA, target: metric.target };
  const { fallback } = policy;
  const ofService = inputs.filter(({ metric: { per } }) => per === 'service');
  const failed = ofService.filter(({ computed }) => computed.value === undefined);
  const soon = failed.find(({ metric: { name } }) => !isBeyond(name));
  if (soon) return { ...named, failed: `the metric ${soon.metric.name} has failed` };
  if (failed.length > 0 && fallback?.behavior !== 'formula')
    return outcomeOf(named, { failed: 'a metric has failed' }, fallback, observation.current);
  const values = new Map(ofService.map(({ metric: { name }, computed }) => [name, computed.value ?? null]));
  const result = evaluateFormula(metric.formula, values);
  if ('failed' in result) return { ...named, failed: result.failed };
  if (result.value === null)
    return fallback
      ? { ...named, proposal: fallback.replicas, isFallback: true }
      : { ...named, failed: 'the formula yields nil' };
  const place = { current: observation.current, ready: readyCount(observation) };
  const computed = computeServiceMetric(result.value, metric, place, tolerancesOf(policy, metric.tolerance));
  return { ...named, ...computed };
}

function isAbove({ value }: { readonly value?: number }, activation = 0): boolean {
  return value !== undefined && value > activation;
}

/** A metric's own tolerance, else that of the direction, else that of the policy. */
function tolerancesOf(policy: Policy, own: Tolerance): BothTolerances {
  return {
    up: own.up ?? policy.up.tolerance ?? policy.tolerance,
    down: own.down ?? policy.down.tolerance ?? policy.tolerance,
  };
}
