import { FormulaError, parseFormula } from '../formula/parse-formula.js';
import { CronError, parseCron } from '../schedule/cron.js';
import { cronWindow } from '../schedule/cron-window.js';
import { zoneOf } from '../schedule/zone.js';
import { metricProblem, policyProblems, type PolicyProblem } from './check-policy.js';
import type { DirectionInput, MetricInput, PolicyInput } from './policy-input.js';
import type { Direction, FormulaMetric, Metric, Policy, Schedule, Tolerance } from './policy.js';

const TOLERANCE = 0.1;
const SAMPLE_WINDOW_SECONDS = 60;
const UP: Direction = {
  stabilizationSeconds: 0,
  select: 'max',
  policies: [
    { type: 'tasks', value: 4, periodSeconds: 15 },
    { type: 'percent', value: 100, periodSeconds: 15 },
  ],
};
const DOWN: Direction = {
  stabilizationSeconds: 300,
  select: 'max',
  policies: [{ type: 'percent', value: 100, periodSeconds: 15 }],
};

/** A policy that can be decided with, or what is wrong with it. */
export type CompletedPolicy =
  { readonly policy: Policy } | { readonly problems: readonly [PolicyProblem, ...PolicyProblem[]] };

/**
 * Fills in the defaults of the Kubernetes HPA v2 (`autoscaling/v2` `defaults.go`): a field that is given replaces that
 * field, a list of rate policies replaces the whole list.
 */
export function completePolicy(input: PolicyInput): CompletedPolicy {
  const problems = [...policyProblems(input)];
  const schedules = (input.schedules ?? []).flatMap((schedule, i) =>
    completeSchedule(schedule, `schedules.${i}`, problems),
  );
  const given = input.formula;
  const [formula] = given ? attempt(problems, 'formula.expression', () => completeFormula(given)) : [];
  const [first, ...others] = problems;
  if (first) return { problems: [first, ...others] };
  const { min = 1, max, tolerance = TOLERANCE, metrics = [], behavior, readiness, zero, fallback } = input;
  const windowSeconds = readiness?.windowSeconds ?? SAMPLE_WINDOW_SECONDS;
  return {
    policy: {
      min,
      max,
      tolerance,
      metrics: metrics.map((metric) => completeMetric(metric, windowSeconds)),
      up: completeDirection(UP, behavior?.up),
      down: completeDirection(DOWN, behavior?.down),
      readiness: {
        cpuInitializationSeconds: readiness?.cpuInitializationSeconds ?? 300,
        initialReadinessDelaySeconds: readiness?.initialReadinessDelaySeconds ?? 30,
      },
      schedules,
      ...(formula === undefined ? {} : { formula }),
      ...(zero === undefined
        ? {}
        : {
            zero: {
              cooldownSeconds: zero.cooldownSeconds ?? 300,
              initialCooldownSeconds: zero.initialCooldownSeconds ?? 0,
              wake: zero.wake ?? 'always',
            },
          }),
      ...(fallback === undefined
        ? {}
        : { fallback: { ...fallback, behavior: fallback.behavior ?? 'static' } }),
    },
  };
}

function completeMetric(metric: MetricInput, windowSeconds: number): Metric {
  const { name, per, type, target, resource, empty = 'error', activation = 0 } = metric;
  const problem = metricProblem(metric);
  return {
    name,
    per,
    type,
    target,
    empty,
    activation,
    windowSeconds: metric.windowSeconds ?? windowSeconds,
    tolerance: toleranceOf(metric.tolerance),
    ...(resource === undefined ? {} : { resource }),
    ...(problem === undefined ? {} : { problem }),
  };
}

function completeFormula(input: NonNullable<PolicyInput['formula']>): FormulaMetric {
  const { expression, target, type = 'averageValue', activation = 0, tolerance } = input;
  return { formula: parseFormula(expression), target, type, activation, tolerance: toleranceOf(tolerance) };
}

function completeDirection(defaults: Direction, given: DirectionInput | undefined): Direction {
  return {
    stabilizationSeconds: given?.stabilizationSeconds ?? defaults.stabilizationSeconds,
    select: given?.select ?? defaults.select,
    policies: given?.policies ?? defaults.policies,
    ...(given?.tolerance === undefined ? {} : { tolerance: given.tolerance }),
  };
}

function toleranceOf(given: MetricInput['tolerance']): Tolerance {
  if (typeof given === 'number') return { up: given, down: given };
  return {
    ...(given?.up === undefined ? {} : { up: given.up }),
    ...(given?.down === undefined ? {} : { down: given.down }),
  };
}

/** Each part is read by itself first, so that a problem is told at the part that it belongs to. */
function completeSchedule(
  { start, end, timezone = 'UTC', min, max }: NonNullable<PolicyInput['schedules']>[number],
  path: string,
  problems: PolicyProblem[],
): readonly Schedule[] {
  const own: PolicyProblem[] = [];
  attempt(own, `${path}.timezone`, () => zoneOf(timezone));
  attempt(own, `${path}.start`, () => parseCron(start));
  attempt(own, `${path}.end`, () => parseCron(end));
  if (own.length > 0) {
    problems.push(...own.map(asClause([timezone, start, end])));
    return [];
  }
  return attempt(problems, path, (): Schedule => {
    return {
      window: cronWindow(start, end, timezone),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    };
  });
}

/** Without the text that stands at the path. */
function asClause(texts: readonly string[]) {
  return ({ path, problem }: PolicyProblem): PolicyProblem => {
    const text = texts.find((one) => problem.startsWith(`"${one}" `));
    return { path, problem: text === undefined ? problem : problem.slice(text.length + 3) };
  };
}

function attempt<T>(problems: PolicyProblem[], path: string, make: () => T): readonly T[] {
  try {
    return [make()];
  } catch (error) {
    if (!(error instanceof CronError || error instanceof FormulaError)) throw error;
    problems.push({ path, problem: error.message });
    return [];
  }
}
