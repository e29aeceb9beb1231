import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { AddressCache } from '../../ports.js';

/**
 * Remembers what the resolver has said; a name that leads nowhere for a moment keeps its addresses.
 *
 * @param allowed those of the addresses that requests may be sent to
 */
export function createAddressCache(
  resolver: NameResolver,
  allowed: (addresses: readonly string[]) => readonly string[] = (all) => all,
): AddressCache {
  const known = new Map<string, readonly string[]>();
  return {
    known,
    async lookup(host, where) {
      const found = await resolver.lookup(host, undefined, where);
      const usable = allowed(found);
      // The same list stays the same object: what was made of it is kept.
      if (usable.length > 0 && !isSameList(known.get(host), usable)) known.set(host, usable);
      return found;
    },
    forget: (host) => void known.delete(host),
  };
}

function isSameList(a: readonly string[] | undefined, b: readonly string[]): boolean {
  return a?.length === b.length && a.every((one, i) => one === b[i]);
}
