import { messageOf } from '@docker-flow/daemon/errors';
import type { Swarm } from '../ports.js';

const FRESH_MS = 1_000;

/**
 * Why the scaler cannot work now, or `undefined` when Docker answers as a manager. Asked of Docker at most
 * once a second, however often it is asked for.
 */
export function createReadiness(swarm: Swarm, now: () => number): () => Promise<string | undefined> {
  let answer: Promise<string | undefined> = Promise.resolve(undefined);
  let askedAtMs = -Infinity;
  return () => {
    if (now() - askedAtMs >= FRESH_MS) {
      askedAtMs = now();
      answer = swarm.checkManager().then(
        () => undefined,
        (error: unknown) => messageOf(error),
      );
    }
    return answer;
  };
}
