import type { AutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Delivery } from '../delivery/delivery.js';
import type { Proxies, WallClock } from '../ports.js';
import type { StateDirectory } from '../store/state-directory.js';

export interface LookLoopDeps {
  readonly delivery: Pick<Delivery, 'look'>;
  readonly proxies: Pick<Proxies, 'addresses'>;
  readonly state: Pick<StateDirectory, 'problem' | 'probe'>;
  readonly clock: WallClock;
  /** Set after each look. */
  readonly wake: AutoResetEvent;
  readonly logger: Logger;
}

const ADDRESSES_MS = 1_000;

/** Looks at the replicas of the proxy every `lookMs`, and at once when there are others than before. */
export function createLookLoop(
  { delivery, proxies, state, clock, wake, logger }: LookLoopDeps,
  { lookMs }: { readonly lookMs: number },
): Actor {
  async function addresses(signal: AbortSignal): Promise<string> {
    return (await proxies.addresses(signal).catch(() => [])).join(' ');
  }

  return {
    name: 'proxies',
    async run(signal) {
      while (!signal.aborted) {
        const seen = await addresses(signal);
        try {
          if (state.problem() !== undefined) await state.probe();
          await delivery.look(signal);
        } catch (error) {
          logger.warn('The proxies could not be looked at', { reason: messageOf(error) });
        }
        wake.set();
        for (let waitedMs = 0; waitedMs < lookMs && !isAborted(signal); waitedMs += ADDRESSES_MS) {
          await clock.sleep(Math.min(ADDRESSES_MS, lookMs - waitedMs), signal);
          if ((await addresses(signal)) !== seen) break;
        }
      }
    },
  };
}
