import { createSemaphore } from '@docker-flow/daemon/concurrency/semaphore';
import type { NameProbe } from '../ports.js';

/** What was seen of names from here before their first order. It decides nothing: DNS may look different from inside. */
export interface LookFromInside {
  /** Looks at those that were not looked at before, and does not wait. */
  begin(names: readonly string[], signal: AbortSignal): void;
  /** One line for each of these names that something was found about. */
  hints(names: readonly string[]): readonly string[];
}

const AT_ONCE = 2;

export function createLookFromInside(probe: NameProbe, thumbprint: string): LookFromInside {
  const found = new Map<string, string | undefined>();
  const places = createSemaphore(AT_ONCE);
  return {
    begin(names, signal) {
      for (const name of names) {
        if (found.has(name) || name.startsWith('*.')) continue;
        found.set(name, undefined);
        void places.run(async () => {
          if (!signal.aborted) found.set(name, await probe.look(name, thumbprint, signal));
        });
      }
    },
    hints: (names) =>
      names.flatMap((name) => {
        const hint = found.get(name);
        return hint === undefined ? [] : [`${name} ${hint}`];
      }),
  };
}
