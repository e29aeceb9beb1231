import { z } from 'zod/v3';

/** What the scaler remembers of one service between requests, also across restarts. */
export const ServiceMemory = z.object({
  id: z.string(),
  name: z.string(),
  /** The scaler's own last change; cool-downs count from it. */
  lastChange: z.object({ atMs: z.number(), from: z.number(), to: z.number(), reason: z.string() }).optional(),
  /** The count that the scaler has put in force and nobody has deliberately changed since. */
  inForce: z.object({ replicas: z.number(), atMs: z.number() }).optional(),
  /** The count that the service had when the scaler first changed it, or after its last deploy: that of the stack file. */
  fileReplicas: z.number().optional(),
  /** Somebody else took the service to 0. */
  stopped: z.boolean().optional(),
  /** The count when the service was last looked at. */
  seenReplicas: z.number().optional(),
});
export type ServiceMemory = Readonly<z.infer<typeof ServiceMemory>>;

export function newServiceMemory(id: string, name: string): ServiceMemory {
  return { id, name };
}

/** After the scaler itself has changed the count from one to another. */
export function rememberChange(
  memory: ServiceMemory,
  change: { readonly from: number; readonly to: number; readonly reason: string },
  atMs: number,
): ServiceMemory {
  return {
    ...memory,
    lastChange: { atMs, ...change },
    inForce: { replicas: change.to, atMs },
    fileReplicas: memory.fileReplicas ?? change.from,
    stopped: false,
    seenReplicas: change.to,
  };
}

/** After the scaler has put back what a deploy had reset: no new decision, so cool-downs do not start again. */
export function rememberRestore(
  memory: ServiceMemory,
  { fileReplicas, restored }: { readonly fileReplicas: number; readonly restored: number },
  atMs: number,
): ServiceMemory {
  return {
    ...memory,
    inForce: { replicas: restored, atMs },
    fileReplicas,
    stopped: false,
    seenReplicas: restored,
  };
}

/** After somebody else has deliberately set the count: the scaler has nothing in force any more. */
export function rememberForeignCount(memory: ServiceMemory, replicas: number): ServiceMemory {
  return { ...memory, inForce: undefined, stopped: replicas === 0, seenReplicas: replicas };
}

/** After a look that found nothing to judge. */
export function rememberLook(memory: ServiceMemory, replicas: number): ServiceMemory {
  if (memory.seenReplicas === replicas) return memory;
  const wentToZero = replicas === 0 && memory.inForce?.replicas !== 0 && (memory.seenReplicas ?? 0) > 0;
  return {
    ...memory,
    seenReplicas: replicas,
    stopped: replicas === 0 && (memory.stopped === true || wentToZero),
  };
}

/** What is known of a service that has no replicas. */
export interface StoppedEvidence {
  readonly memory: ServiceMemory | undefined;
  readonly replicas: number;
  /** Count in Docker's previous spec. */
  readonly previousReplicas: number | undefined;
  readonly min: number;
}

/**
 * Whether a service was stopped by somebody else rather than scaled to zero by the scaler. Our own memory
 * tells. Without one, Docker's previous spec does, unless the minimum is 0: then it may have been us.
 */
export function isStoppedByHand({ memory, replicas, previousReplicas, min }: StoppedEvidence): boolean {
  if (replicas !== 0 || memory?.inForce?.replicas === 0) return false;
  if (memory?.stopped === true || (memory?.seenReplicas ?? 0) > 0) return true;
  return min > 0 && (previousReplicas ?? 0) > 0;
}
