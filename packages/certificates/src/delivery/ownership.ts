import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { ClaimResult, Proxies, RenewalNote } from '../ports.js';

export interface OwnershipOptions {
  readonly proxies: Pick<Proxies, 'claim' | 'release'>;
  readonly thumbprint: string;
  /** Our name. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly directoryUrl: string;
  /** Whether this program may own the proxies: not while another one has the volume. */
  readonly mayOwn: () => Promise<boolean>;
  /** What the proxies are told of our certificates. */
  readonly renewals: () => readonly RenewalNote[];
  readonly logger: Logger;
}

/** Which program the proxies listen to: a guard against two of them by mistake, not an election. */
export interface Ownership {
  /**
   * Claims these replicas for a while, one after the other in an order that is the same for every program: so of two
   * only one goes on, and the other gives back what it took. Answers what became of each.
   */
  claim(addresses: readonly string[]): Promise<ReadonlyMap<string, ClaimResult | Error>>;
  release(addresses: readonly string[]): Promise<void>;
  /** Who owns the proxies instead of us. */
  standsBy(): string | undefined;
}

export function createOwnership(options: OwnershipOptions): Ownership {
  const { proxies, thumbprint, owner, leaseMs, directoryUrl: directory, logger } = options;
  let keptBy: string | undefined;

  async function claimOne(address: string): Promise<ClaimResult | Error> {
    try {
      const certificates = options.renewals();
      return await proxies.claim(address, { thumbprint, owner, ttlMs: leaseMs, directory, certificates });
    } catch (error) {
      return error instanceof Error ? error : new Error(messageOf(error));
    }
  }

  function standBy(other: string): void {
    if (keptBy !== other) logger.warn('Standing by: the proxies have another owner', { owner: other });
    keptBy = other;
  }

  async function release(addresses: readonly string[]): Promise<void> {
    await Promise.all(addresses.map((address) => proxies.release(address, owner).catch(() => undefined)));
  }

  return {
    release,
    standsBy: () => keptBy,
    async claim(addresses) {
      const results = new Map<string, ClaimResult | Error>();
      if (!(await options.mayOwn())) {
        standBy('another program with the same state directory');
        return results;
      }
      for (const address of addresses) {
        const result = await claimOne(address);
        results.set(address, result);
        if (result instanceof Error || result.kind !== 'kept') continue;
        standBy(result.owner);
        const taken = [...results].filter(([, one]) => !(one instanceof Error) && one.kind === 'live');
        await release(taken.map(([one]) => one));
        return results;
      }
      if (keptBy !== undefined) logger.info('The proxies are ours now', { before: keptBy });
      keptBy = undefined;
      return results;
    },
  };
}
