import { z } from 'zod/v3';

const sourced = <T extends z.ZodTypeAny>(value: T) =>
  z.object({ value, from: z.string().default('') }).passthrough();

const TargetMetric = z.object({
  metric: z.string(),
  /** As the label has it. */
  on: z.string(),
  type: z.string(),
  target: z.number(),
  value: z.number().optional(),
  /** The count that it asks for. */
  proposal: z.number().optional(),
  failed: z.string().optional(),
});
export type TargetMetric = Readonly<z.infer<typeof TargetMetric>>;

const Condition = z.object({
  type: z.string(),
  status: z.boolean(),
  reason: z.string(),
  message: z.string(),
  since: z.string(),
});
export type Condition = Readonly<z.infer<typeof Condition>>;

/** How a service is scaled on targets. */
const ScalingTarget = z.object({
  metrics: z.array(TargetMetric),
  /** Bounds of this moment, open schedules included. */
  min: z.number(),
  max: z.number(),
  windowSeconds: z.object({ up: z.number(), down: z.number() }),
  explanation: z.string(),
  desired: z.number(),
  conditions: z.array(Condition),
  lastLook: z.string(),
});
export type ScalingTarget = Readonly<z.infer<typeof ScalingTarget>>;

const ScalerService = z.object({
  id: z.string(),
  name: z.string(),
  stack: z.string().optional(),
  replicas: z.object({ wanted: z.number(), running: z.number().optional() }),
  min: sourced(z.number()),
  max: sourced(z.number()),
  upBy: sourced(z.string()).optional(),
  downBy: sourced(z.string()).optional(),
  cooldownSeconds: z.object({ up: sourced(z.number()), down: sourced(z.number()) }).optional(),
  paused: z.boolean().default(false),
  stopped: z.boolean().default(false),
  /** What of its labels cannot be read or makes no sense, in words for people. */
  issues: z.array(z.string()).default([]),
  target: ScalingTarget.optional(),
  updateState: z.string().optional(),
});
export type ScalerService = Readonly<z.infer<typeof ScalerService>>;

/** `/v1/services`. */
export const ScalerServices = z.object({ services: z.array(ScalerService) });

const Decision = z.object({
  id: z.string(),
  atMs: z.number(),
  service: z.string(),
  outcome: z.string(),
  asker: z.string(),
  request: z.string(),
  message: z.string(),
  explanation: z.string(),
  from: z.number().optional(),
  to: z.number().optional(),
  convergedAfterMs: z.number().optional(),
  times: z.number().default(1),
  lastAtMs: z.number(),
});
/** What the scaler did, decided or noticed. */
export type Decision = Readonly<z.infer<typeof Decision>>;

/** `/v1/activities`. */
export const ScalerActivities = z.object({ activities: z.array(Decision) });

const TaskCount = z.object({ wanted: z.number().optional(), running: z.number().optional() });
/** How many tasks a service shall have and has; without `wanted` where Swarm decides. */
export type TaskCount = Readonly<z.infer<typeof TaskCount>>;

/** `/v1/counts`. */
export const ScalerCounts = z.object({ counts: z.record(TaskCount) });

const ReplicaPoint = z.object({ atMs: z.number(), wanted: z.number(), running: z.number().optional() });
export type ReplicaPoint = Readonly<z.infer<typeof ReplicaPoint>>;

/** `/v1/replicas`. */
export const ScalerReplicas = z.object({ replicas: z.record(z.array(ReplicaPoint)) });

const ScalerTask = z.object({
  slot: z.number().optional(),
  node: z.string().optional(),
  state: z.string(),
  /** Why it waits, in Swarm's words. */
  error: z.string().optional(),
  since: z.string().optional(),
  lastFailure: z.object({ state: z.string(), error: z.string(), at: z.string().optional() }).optional(),
});
/** A task that shall run, as Swarm says it to the scaler. */
export type ScalerTask = Readonly<z.infer<typeof ScalerTask>>;

/** `/v1/services/NAME`. */
export const ScalerServiceDetail = z.object({ tasks: z.array(ScalerTask) });

export interface ScalerPiece {
  /** Absent for one that is not scaled. */
  readonly service?: ScalerService;
  readonly tasks?: TaskCount;
  readonly lastDecision?: Decision;
}

export interface ScalerReading {
  readonly services: ReadonlyMap<string, ScalerPiece>;
  /** Newest first. */
  readonly decisions: readonly Decision[];
}

export function scalerReading(
  { services }: z.infer<typeof ScalerServices>,
  { activities }: z.infer<typeof ScalerActivities>,
  { counts }: z.infer<typeof ScalerCounts> = { counts: {} },
): ScalerReading {
  const pieces = new Map<string, ScalerPiece>(
    Object.entries(counts).map(([name, tasks]) => [name, { tasks }]),
  );
  for (const service of services) pieces.set(service.name, { ...pieces.get(service.name), service });
  // Oldest first, so that the newest stays.
  for (const lastDecision of activities.toReversed()) {
    const piece = pieces.get(lastDecision.service);
    if (piece !== undefined) pieces.set(lastDecision.service, { ...piece, lastDecision });
  }
  return { services: pieces, decisions: activities };
}
