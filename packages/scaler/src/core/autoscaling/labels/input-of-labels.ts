import type { TargetLabels } from '@docker-flow/labels';
import type { MetricInput, PolicyInput } from '../policy/policy-input.js';

export interface PlanBounds {
  /** `com.df.scaleMin` and `com.df.scaleMax`, or their defaults. */
  readonly min: number;
  readonly max: number;
}

/** The policy as it is written in labels; what is absent has the default of a policy. */
export function inputOf(
  read: TargetLabels,
  metrics: readonly MetricInput[],
  { min, max }: PlanBounds,
): PolicyInput {
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

/** Without what is undefined: an absent field has a default. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
