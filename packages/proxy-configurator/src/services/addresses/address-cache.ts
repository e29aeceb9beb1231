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
    async lookup(host) {
      const found = await resolver.lookup(host);
      const usable = allowed(found);
      if (usable.length > 0) known.set(host, usable);
      return found;
    },
    forget: (host) => void known.delete(host),
  };
}
