import { createAutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import type { ServiceModel } from '../core/services/service-model.js';

/** Services whose tasks are changing, and when to look at them next: several times a second until they have settled. */
export interface ConvergingServices {
  /** Something has happened to this service. Nothing to do unless its tasks matter. */
  watch(id: string): void;
  /** Like `watch`, for one that is perhaps watched already. */
  keep(id: string): void;
  /** It has been looked at: the next look comes later, or never when it has settled. */
  postpone(id: string): void;
  /** Waits until some are to be looked at now, and answers which; none when the signal aborts. */
  due(signal: AbortSignal): Promise<readonly string[]>;
  size(): number;
}

const TICK_MS = 200;
/** So long after its last change a service is still looked at quickly. */
const SETTLED_MS = 30_000;
/** The pause grows to this part of the time since the last change, so a wait without end costs little … */
const PATIENCE = 0.01;
/** … and no longer than this. */
const MAX_PAUSE_MS = 5_000;

interface Schedule {
  readonly changedMs: number;
  readonly nextMs: number;
}

export function createConvergingServices(
  model: Pick<ServiceModel, 'isWaiting' | 'hasNodeInfo'>,
  clock: Clock = systemClock,
): ConvergingServices {
  const schedules = new Map<string, Schedule>();
  const changed = createAutoResetEvent(clock);

  function matters(id: string): boolean {
    return model.isWaiting(id) || model.hasNodeInfo(id);
  }

  function watch(id: string): void {
    if (!matters(id)) {
      schedules.delete(id);
      return;
    }
    const nowMs = clock.nowMs();
    schedules.set(id, { changedMs: nowMs, nextMs: nowMs + TICK_MS });
    changed.set();
  }

  return {
    watch,
    keep(id) {
      if (!schedules.has(id)) watch(id);
    },
    postpone(id) {
      const schedule = schedules.get(id);
      if (!schedule) return;
      const nowMs = clock.nowMs();
      const ageMs = nowMs - schedule.changedMs;
      if (!matters(id) || (!model.isWaiting(id) && ageMs > SETTLED_MS)) schedules.delete(id);
      else {
        const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(TICK_MS, ageMs * PATIENCE));
        schedules.set(id, { ...schedule, nextMs: nowMs + pauseMs });
      }
    },
    async due(signal) {
      while (!signal.aborted) {
        const nowMs = clock.nowMs();
        const ids = [...schedules].flatMap(([id, { nextMs }]) => (nextMs <= nowMs ? [id] : []));
        if (ids.length > 0) return ids;
        const nextMs = Math.min(...[...schedules.values()].map((one) => one.nextMs));
        await changed.wait(signal, Number.isFinite(nextMs) ? Math.max(1, nextMs - nowMs) : undefined);
      }
      return [];
    },
    size: () => schedules.size,
  };
}
