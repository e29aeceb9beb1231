import { NO_MEMORY, type Memory } from '../core/autoscaling/memory.js';
import type { ServiceMemory } from '../core/service-memory.js';

export interface NewTarget {
  readonly replicas: number;
  /** Count of the spec before the last update. */
  readonly previousReplicas: number | undefined;
  readonly createdAtMs: number;
}

/**
 * What a service begins with that scaling on targets remembers nothing of. One that was created with no replicas may be
 * woken; one that was there before the scaler counts as active when the scaler started, else it would be put to
 * sleep at once.
 */
export function firstMemory(
  { replicas, previousReplicas, createdAtMs }: NewTarget,
  memory: Pick<ServiceMemory, 'stopped' | 'seenReplicas'> | undefined,
  { startedAtMs, nowMs }: { readonly startedAtMs: number; readonly nowMs: number },
): Memory {
  const wasStopped =
    memory?.stopped === true || (memory?.seenReplicas ?? 0) > 0 || (previousReplicas ?? 0) > 0;
  return {
    ...NO_MEMORY,
    zeroByUs: replicas === 0 && !wasStopped,
    createdAt: (createdAtMs > 0 ? Math.min(createdAtMs, nowMs) : nowMs) / 1_000,
    ...(createdAtMs < startedAtMs ? { lastActiveAt: nowMs / 1_000 } : {}),
  };
}
