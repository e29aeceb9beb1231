import type { Memory } from '@docker-flow/scaler/core/autoscaling/memory';
import { policyInput } from '@docker-flow/scaler/core/autoscaling/policy/policy-input';
import { z } from 'zod/v3';

const seconds = z.number();
const optionalSeconds = z.number().nullish();
const events = z.array(z.object({ at: seconds, change: z.number() }));

const task = z.object({
  id: z.string(),
  state: z.enum(['running', 'pending', 'failed', 'removed']).optional(),
  ready: z.boolean().nullish(),
  startedSecondsAgo: optionalSeconds,
  readyChangedSecondsAgo: optionalSeconds,
  sampleSecondsAgo: optionalSeconds,
  request: z.union([z.number(), z.record(z.number())]).optional(),
  samples: z.record(z.union([z.number(), z.string(), z.null()])).optional(),
});

/** One look, as the specification of autoscaling writes it. */
export const simulationStep = z.object({
  at: seconds,
  current: z.number().int().min(0),
  tasks: z.array(task).optional(),
  scalar: z.record(z.union([z.number(), z.string(), z.null()])).optional(),
  ready: z.number().optional(),
  mode: z.string().optional(),
  update: z.enum(['none', 'rolling', 'guarded', 'halted']).optional(),
  paused: z.boolean().optional(),
  pausedReplicas: z.number().int().min(0).optional(),
  pauseUp: z.boolean().optional(),
  pauseDown: z.boolean().optional(),
  forceActive: z.boolean().optional(),
  /** Docker refused the write. */
  applied: z.boolean().optional(),
});

/** What was remembered before the first step; what is left out is empty. */
export const simulationState = z.object({
  recommendations: z.array(z.object({ at: seconds, desired: z.number() })).optional(),
  ups: events.default([]),
  downs: events.default([]),
  failures: z.record(z.number()).default({}),
  lastActiveAt: z.number().optional(),
  createdAt: z.number().optional(),
  zeroByUs: z.boolean().default(false),
}) satisfies z.ZodType<Memory, z.ZodTypeDef, unknown>;

export const simulationCase = z.object({
  id: z.union([z.string(), z.number()]),
  policy: policyInput,
  state: simulationState.optional(),
  steps: z.array(simulationStep),
});

export type SimulationStep = z.infer<typeof simulationStep>;
export type SimulationCase = z.infer<typeof simulationCase>;
