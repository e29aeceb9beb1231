/** Which lasting failures people were told of: Alertmanager repeats its posts for as long as the alert fires. */
export interface ToldFailures {
  /** Whether this is the first time that a failure of the service is told, or the first since it succeeded. */
  isNew(service: string, message: string): boolean;
  succeeded(service: string): void;
}

const TOLD_AGAIN_AFTER_MS = 24 * 3_600_000;
const MOST_SERVICES = 1_000;

export function createToldFailures(now: () => number): ToldFailures {
  const told = new Map<string, { readonly message: string; readonly atMs: number }>();
  return {
    isNew(service, message) {
      const last = told.get(service);
      if (last?.message === message && Math.abs(now() - last.atMs) < TOLD_AGAIN_AFTER_MS) return false;
      told.delete(service);
      told.set(service, { message, atMs: now() });
      const oldest = told.size > MOST_SERVICES ? told.keys().next().value : undefined;
      if (oldest !== undefined) told.delete(oldest);
      return true;
    },
    succeeded(service) {
      told.delete(service);
    },
  };
}
