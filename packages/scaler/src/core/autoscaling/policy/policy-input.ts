import { z } from 'zod/v3';

const seconds = z.number();
const tolerance = z.union([z.number(), z.object({ up: z.number().optional(), down: z.number().optional() })]);

const metric = z.object({
  name: z.string(),
  per: z.enum(['task', 'service']),
  type: z.enum(['value', 'averageValue', 'utilization']),
  target: z.number(),
  resource: z.enum(['cpu', 'memory']).optional(),
  windowSeconds: seconds.optional(),
  empty: z.enum(['error', 'zero']).optional(),
  activation: z.number().optional(),
  tolerance: tolerance.optional(),
});

const direction = z.object({
  stabilizationSeconds: seconds.optional(),
  select: z.enum(['max', 'min', 'disabled']).optional(),
  policies: z
    .array(z.object({ type: z.enum(['tasks', 'percent']), value: z.number(), periodSeconds: seconds }))
    .optional(),
  tolerance: z.number().optional(),
});

/** A policy as people and label readers write it: what is left out has a default. */
export const policyInput = z.object({
  min: z.number().int().optional(),
  max: z.number().int(),
  tolerance: z.number().optional(),
  metrics: z.array(metric).optional(),
  behavior: z.object({ up: direction.optional(), down: direction.optional() }).optional(),
  readiness: z
    .object({
      cpuInitializationSeconds: seconds.optional(),
      initialReadinessDelaySeconds: seconds.optional(),
      windowSeconds: seconds.optional(),
    })
    .optional(),
  zero: z
    .object({
      cooldownSeconds: seconds.optional(),
      initialCooldownSeconds: seconds.optional(),
      wake: z.enum(['always', 'ours']).optional(),
    })
    .optional(),
  fallback: z
    .object({
      failureThreshold: z.number(),
      replicas: z.number(),
      behavior: z
        .enum(['static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower', 'formula'])
        .optional(),
    })
    .optional(),
  schedules: z
    .array(
      z.object({
        start: z.string(),
        end: z.string(),
        timezone: z.string().optional(),
        min: z.number().int().optional(),
        max: z.number().int().optional(),
      }),
    )
    .optional(),
  formula: z
    .object({
      expression: z.string(),
      target: z.number(),
      type: z.enum(['averageValue', 'value']).optional(),
      activation: z.number().optional(),
      tolerance: tolerance.optional(),
    })
    .optional(),
});

export type PolicyInput = z.infer<typeof policyInput>;
export type MetricInput = z.infer<typeof metric>;
export type DirectionInput = z.infer<typeof direction>;
