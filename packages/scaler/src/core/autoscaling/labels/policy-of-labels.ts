import {
  hasTargetLabel,
  parseTargetLabels,
  type Issue,
  type MetricLabels,
  type TargetLabels,
} from '@docker-flow/labels';
import { completePolicy } from '../policy/complete-policy.js';
import { metricProblem } from '../policy/check-policy.js';
import type { MetricInput, PolicyInput } from '../policy/policy-input.js';
import type { Policy } from '../policy/policy.js';
import { readTargetShortcut } from '../shortcuts/target-shortcuts.js';
import { labelOfPath } from './label-of-path.js';
import type { MetricSource } from './metric-source.js';

/** How a service is scaled on targets. */
export interface TargetPlan {
  readonly policy: Policy;
  readonly input: PolicyInput;
  readonly sources: readonly MetricSource[];
  readonly pausedReplicas: number | undefined;
}

/** A plan, or why there is none; `issues` also hold what is wrong beside a plan that works. */
export interface ReadPlan {
  /** Absent when no label of the service speaks of a target, or when they make no policy. */
  readonly plan: TargetPlan | undefined;
  readonly issues: readonly Issue[];
}

export interface PlanBounds {
  /** `com.df.scaleMin` and `com.df.scaleMax`, or their defaults. */
  readonly min: number;
  readonly max: number;
}

const NO_PLAN: ReadPlan = { plan: undefined, issues: [] };

/**
 * Reads the policy that the labels of a service describe. A service is scaled on targets only if all of it can be
 * read: half of a policy is another policy.
 */
export function planOfLabels(
  service: string,
  labels: Readonly<Record<string, string>>,
  bounds: PlanBounds,
): ReadPlan {
  if (!hasTargetLabel(labels)) return NO_PLAN;
  const { value: read, issues } = parseTargetLabels(service, labels);
  const about = new About(service, labels);
  const misread = issues.filter(({ kind }) => kind === undefined);
  const isLoop = read.metrics.some(({ on }) => on !== undefined) || read.schedules.length > 0;
  if (!isLoop) {
    return misread.length > 0
      ? { plan: undefined, issues }
      : { plan: undefined, issues: [...issues, ...aloneIssues(read, about)] };
  }
  const metrics = read.metrics.map((metric) => readMetric(metric, about));
  const problems = metrics.flatMap((metric) => ('issues' in metric ? metric.issues : []));
  const complete = metrics.flatMap((metric) => ('input' in metric ? [metric] : []));
  const input = inputOf(
    read,
    complete.map((metric) => metric.input),
    bounds,
  );
  const completed = completePolicy(input);
  const wrong = 'problems' in completed ? completed.problems : [];
  const all = [
    ...issues,
    ...problems,
    ...wrong.map(({ path, problem }) => about.issue(labelOfPath(path, read), problem, expectedAt(path))),
    ...crossIssues(read, input, about),
  ];
  if ('problems' in completed || all.some(({ kind }) => kind === undefined))
    return { plan: undefined, issues: all };
  return {
    plan: {
      policy: completed.policy,
      input,
      sources: complete.map(({ source }) => source),
      pausedReplicas: read.pausedReplicas,
    },
    issues: all,
  };
}

/** Makes issues about labels by their names without prefix. */
class About {
  readonly service: string;
  private readonly labels: Readonly<Record<string, string>>;

  constructor(service: string, labels: Readonly<Record<string, string>>) {
    this.service = service;
    this.labels = labels;
  }

  /** Another label of the same number, written as the ones that are there: without the number of the first. */
  beside(name: string, number: number): string {
    const isNumbered = Object.keys(this.labels).some((label) => label.endsWith('.1'));
    return `com.df.${name}${number === 1 && !isNumbered ? '' : `.${number}`}`;
  }

  /** With this number, or as the first one without. */
  has(label: string): boolean {
    const unnumbered = label.replace(/\.1$/, '');
    return [label, unnumbered].some((name) => Object.hasOwn(this.labels, `com.df.${name}`));
  }

  issue(label: string, problem: string, expected: string): Issue {
    const unnumbered = label.replace(/\.1$/, '');
    const isThere = (name: string) => Object.hasOwn(this.labels, `com.df.${name}`);
    const key = isThere(label) || !isThere(unnumbered) ? label : unnumbered;
    return {
      service: this.service,
      label: key,
      value: this.labels[`com.df.${key}`] ?? '',
      problem,
      expected,
    };
  }
}

type ReadMetric =
  { readonly input: MetricInput; readonly source: MetricSource } | { readonly issues: readonly Issue[] };

function readMetric(labels: MetricLabels, about: About): ReadMetric {
  const { number, on, target, activation, empty } = labels;
  const label = (name: string) => `${name}.${number}`;
  if (on === undefined)
    return {
      issues: [
        about.issue(
          firstLabel(labels, number),
          'belongs to no metric',
          `${about.beside('scaleOn', number)} beside it`,
        ),
      ],
    };
  const shortcut = readTargetShortcut(on);
  if (shortcut && 'problem' in shortcut)
    return { issues: [about.issue(label('scaleOn'), shortcut.problem, shortcut.expected)] };
  if (target === undefined)
    return {
      // One that cannot be read is told already.
      issues: about.has(label('scaleTarget'))
        ? []
        : [
            about.issue(
              label('scaleOn'),
              'has no target',
              `${about.beside('scaleTarget', number)} beside it`,
            ),
          ],
    };
  const kind = shortcut?.shortcut;
  const per = kind?.per ?? labels.per ?? 'service';
  const isPercent = target.unit === 'percent';
  const type = typeOf(labels, isPercent, kind?.type ?? 'averageValue');
  if (isPercent && type !== 'utilization')
    return {
      issues: [
        about.issue(
          label('scaleTarget'),
          `is a percentage, and the target is ${labels.type ?? ''}`,
          'a number',
        ),
      ],
    };
  if (type === 'utilization' && kind?.resource === undefined)
    return {
      issues: [
        about.issue(
          label('scaleTarget'),
          'is a share of a reservation, which only CPU and memory have',
          'a number, or scaleOn=@cpu or @memory',
        ),
      ],
    };
  const metric = `m${number}`;
  const input: MetricInput = {
    name: metric,
    per,
    type,
    target: target.value,
    ...(kind?.resource === undefined ? {} : { resource: kind.resource }),
    ...(shortcut ? { windowSeconds: shortcut.shortcut.windowSeconds(shortcut.value) } : {}),
    ...(empty === undefined ? {} : { empty }),
    ...(activation === undefined ? {} : { activation }),
  };
  const problem = metricProblem(input);
  if (problem !== undefined)
    return {
      issues: [
        about.issue(
          label('scaleTargetType'),
          `does not fit: ${problem}`,
          per === 'task' ? 'perTask' : 'perTask or total',
        ),
      ],
    };
  return {
    input,
    source: {
      metric,
      on,
      query: shortcut
        ? { kind: 'batch', ...shortcut.shortcut.query(shortcut.value) }
        : { kind: 'own', expression: on, per },
    },
  };
}

const TYPES = { perTask: 'averageValue', total: 'value', utilization: 'utilization' } as const;

function typeOf({ type }: MetricLabels, isPercent: boolean, byDefault: 'averageValue' | 'value') {
  if (type !== undefined) return TYPES[type];
  return isPercent ? 'utilization' : byDefault;
}

function firstLabel({ target, type, per, activation }: MetricLabels, number: number): string {
  if (target !== undefined) return `scaleTarget.${number}`;
  if (type !== undefined) return `scaleTargetType.${number}`;
  if (per !== undefined) return `scalePer.${number}`;
  return `${activation === undefined ? 'scaleEmpty' : 'scaleActivation'}.${number}`;
}

function inputOf(read: TargetLabels, metrics: readonly MetricInput[], { min, max }: PlanBounds): PolicyInput {
  const { tolerance, formula, fallback, toZero } = read;
  return {
    // The maximum wins over a minimum above it, as for every other request.
    min: Math.min(min, max),
    max,
    ...given({ tolerance }),
    metrics: [...metrics],
    behavior: {
      up: given({
        stabilizationSeconds: read.upWindow,
        select: read.upSelect,
        policies: read.upPolicies && [...read.upPolicies],
        tolerance: read.upTolerance,
      }),
      down: given({
        stabilizationSeconds: read.downWindow,
        select: read.downSelect,
        policies: read.downPolicies && [...read.downPolicies],
        tolerance: read.downTolerance,
      }),
    },
    readiness: given({
      cpuInitializationSeconds: read.cpuInitialization,
      initialReadinessDelaySeconds: read.readinessDelay,
    }),
    ...(toZero === true
      ? { zero: { wake: read.zeroWake ?? 'ours', ...given({ cooldownSeconds: read.zeroCooldown }) } }
      : {}),
    ...(fallback
      ? {
          fallback: {
            failureThreshold: fallback.failures,
            replicas: fallback.replicas,
            behavior: fallback.behavior,
          },
        }
      : {}),
    schedules: read.schedules.map(({ start = '', end = '', timezone, min: least, max: most }) => ({
      start,
      end,
      ...given({ timezone, min: least, max: most }),
    })),
    ...(formula === undefined ? {} : { formula: { expression: formula, target: read.formulaTarget ?? 0 } }),
  };
}

/** What only several labels together get wrong. */
function crossIssues(read: TargetLabels, input: PolicyInput, about: About): readonly Issue[] {
  const hasServiceMetric = (input.metrics ?? []).some(({ per }) => per === 'service');
  const hasFloor = read.schedules.some(({ min }) => (min ?? 0) > 0);
  const wakes = hasServiceMetric || hasFloor;
  return [
    ...when(read.toZero === true && !wakes, () =>
      about.issue(
        'scaleToZero',
        'lets it sleep, and nothing could wake it: only metrics of the service and schedules can',
        'a scaleOn that is measured for the service, such as @requests',
      ),
    ),
    ...when(read.toZero !== true && input.min === 0 && !wakes, () =>
      about.issue(
        'scaleMin',
        'lets it go to no replicas, and nothing could start it again',
        'at least 1, or a scaleOn that is measured for the service',
      ),
    ),
    ...when(read.formula === undefined && read.formulaTarget !== undefined, () =>
      about.issue('scaleFormulaTarget', 'has no formula', 'scaleFormula beside it'),
    ),
    ...when(read.formula !== undefined && !hasServiceMetric, () =>
      about.issue(
        'scaleFormula',
        'has no metric of the service to compute with',
        'a scaleOn that is measured for the service',
      ),
    ),
    ...when(read.toZero !== true && (read.zeroCooldown !== undefined || read.zeroWake !== undefined), () => ({
      ...about.issue(
        read.zeroWake === undefined ? 'scaleZeroCooldown' : 'scaleZeroWake',
        'does nothing',
        'scaleToZero=true beside it',
      ),
      kind: 'no-effect' as const,
    })),
  ];
}

/** Labels about targets without any metric: they do nothing. `scalePausedReplicas` may stand alone. */
function aloneIssues(read: TargetLabels, about: About): readonly Issue[] {
  const { metrics, schedules, pausedReplicas, ...others } = read;
  const names = [
    ...metrics.map((metric) => firstLabel(metric, metric.number)),
    ...Object.keys(others).map((part) => labelOfPath(part, read)),
  ];
  const [first] = names;
  if (first === undefined || schedules.length > 0 || pausedReplicas !== undefined) return [];
  const isTarget = first.startsWith('scaleTarget.');
  const expected = `${isTarget ? 'scaleOn' : 'scaleOn and scaleTarget'} beside it`;
  return [{ ...about.issue(first, 'does nothing', expected), kind: 'no-effect' }];
}

/** What would be right where the problem does not say it. */
function expectedAt(path: string): string {
  if (path.endsWith('.timezone')) return 'a name of the IANA database such as Europe/Berlin';
  if (path.startsWith('schedules.')) return 'a cron expression such as 0 8 * * 1-5, and bounds of at least 0';
  return path.startsWith('formula')
    ? 'a formula over m1, m2, … such as (m1 + m2) / 2'
    : 'a value in these bounds';
}

function when(isWrong: boolean, make: () => Issue): readonly Issue[] {
  return isWrong ? [make()] : [];
}

/** Without what is undefined: an absent field has a default. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
