import { compareBytes } from '@docker-flow/labels';
import { lookup, Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { sleep } from '../concurrency/sleep.js';

/** Host names and their addresses. */
export interface NameResolver {
  /**
   * Asks now. Sorted; empty when the name leads nowhere.
   *
   * @param where `servers`: name servers alone, which costs so little that it may be done several times a second
   */
  lookup(host: string, signal?: AbortSignal, where?: 'everywhere' | 'servers'): Promise<readonly string[]>;
}

const SERVER_TIMEOUT_MS = 1_000;
const TRIES = 2;
/** Docker's DNS forwards what it does not know; a name server that is silent must not keep a caller waiting. */
const LIMIT_MS = 3_000;
const MAX_SYSTEM_LOOKUPS = 2;

/**
 * Asks the name servers of the machine, and for what they do not know the system (hosts file, search
 * domains). The system's look-up blocks a thread of the pool that files need too, so few run at a time.
 */
export function createNameResolver(): NameResolver {
  let systemLookups = 0;

  async function askServers(host: string): Promise<readonly string[]> {
    // A new one each time: the servers of resolv.conf may have changed.
    const resolver = new Resolver({ timeout: SERVER_TIMEOUT_MS, tries: TRIES });
    try {
      return await resolver.resolve4(host);
    } catch {
      return [];
    }
  }

  async function askSystem(host: string): Promise<readonly string[]> {
    if (systemLookups >= MAX_SYSTEM_LOOKUPS) return [];
    systemLookups += 1;
    try {
      const found = await lookup(host, { all: true });
      const four = found.filter(({ family }) => family === 4);
      return (four.length > 0 ? four : found).map(({ address }) => address);
    } catch {
      return [];
    } finally {
      systemLookups -= 1;
    }
  }

  return {
    async lookup(host, signal, where = 'everywhere') {
      const ask = async () => {
        const found = await askServers(host);
        return found.length > 0 || where === 'servers' ? found : askSystem(host);
      };
      const late = new AbortController();
      const limit = AbortSignal.any([late.signal, ...(signal ? [signal] : [])]);
      const answer = await Promise.race([ask(), sleep(LIMIT_MS, limit).then(() => [])]);
      late.abort();
      return [...new Set(answer)].sort(compareAddresses);
    },
  };
}

/** Addresses by number, not by text: 10.0.0.9 before 10.0.0.10, on every replica; those of IPv6 behind. */
export function compareAddresses(a: string, b: string): number {
  if (isIPv4(a) !== isIPv4(b)) return isIPv4(a) ? -1 : 1;
  if (!isIPv4(a)) return compareBytes(a, b);
  return numberOf(a) - numberOf(b);
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
