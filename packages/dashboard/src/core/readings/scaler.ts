import { z } from 'zod/v3';

const sourced = <T extends z.ZodTypeAny>(value: T) =>
  z.object({ value, from: z.string().default('') }).passthrough();

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

const ReplicaPoint = z.object({ atMs: z.number(), wanted: z.number(), running: z.number().optional() });
export type ReplicaPoint = Readonly<z.infer<typeof ReplicaPoint>>;

/** `/v1/replicas`. */
export const ScalerReplicas = z.object({ replicas: z.record(z.array(ReplicaPoint)) });

export interface ScalerPiece {
  readonly service?: ScalerService;
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
): ScalerReading {
  const pieces = new Map<string, ScalerPiece>(services.map((service) => [service.name, { service }]));
  // Oldest first, so that the newest stays.
  for (const lastDecision of activities.toReversed()) {
    const piece = pieces.get(lastDecision.service);
    if (piece !== undefined) pieces.set(lastDecision.service, { ...piece, lastDecision });
  }
  return { services: pieces, decisions: activities };
}
