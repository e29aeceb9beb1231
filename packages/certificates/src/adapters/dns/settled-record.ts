import type { WallClock } from '../../ports.js';
import { hasValue } from './zone-servers.js';

export interface SettlingOptions {
  readonly clock: Pick<WallClock, 'sleep'>;
  /** Before the servers are asked at all. */
  readonly waitMs: number;
  readonly ask?: typeof hasValue;
}

const LIMIT_MS = 120_000;
const PAUSE_MS = 1_000;

/**
 * Waits until every server that answers has a value, two minutes at most. Who does not say is not waited for: the
 * authority may know better than what is seen from here.
 */
export async function waitForValue(
  {
    name,
    value,
    servers,
  }: { readonly name: string; readonly value: string; readonly servers: readonly string[] },
  { clock, waitMs, ask = hasValue }: SettlingOptions,
  signal: AbortSignal,
): Promise<void> {
  await clock.sleep(waitMs, signal);
  for (let waitedMs = 0; waitedMs < LIMIT_MS && !signal.aborted; waitedMs += PAUSE_MS) {
    const answers = await Promise.all(servers.map((server) => ask(server, name, value)));
    if (!answers.includes(false)) return;
    await clock.sleep(PAUSE_MS, signal);
  }
}
