import { setTimeout as pause } from 'node:timers/promises';

/** What a check says: done with a value, or the reason why not yet. */
export type Checked<T> = { readonly done: T } | { readonly notYet: string };

/**
 * Asks again and again until the check is done. A check that throws counts as not yet.
 *
 * The limit is only for what never comes: it is far above what a busy machine needs, because a wait that is too short
 * is a test that fails for no reason, and one that is long costs nothing while all is well.
 *
 * @throws {Error} that names what was waited for and the last reason, after `timeoutMs`
 */
export async function until<T>(
  what: string,
  check: () => Promise<Checked<T>>,
  {
    timeoutMs = 10 * 60_000,
    everyMs = 250,
    onWait,
  }: { timeoutMs?: number; everyMs?: number; onWait?: (reason: string) => void } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await check().catch((error: unknown) => ({
      notYet: error instanceof Error ? error.message : String(error),
    }));
    if ('done' in answer) return answer.done;
    if (performance.now() > deadline)
      throw new Error(`${what} did not happen within ${Math.round(timeoutMs / 1000)} s: ${answer.notYet}`);
    onWait?.(answer.notYet);
    await pause(everyMs);
  }
}
