import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { AddressCache } from '../ports.js';

/** Remembers what the resolver has said; a name that leads nowhere for a moment keeps its addresses. */
export function createAddressCache(resolver: NameResolver): AddressCache {
  const known = new Map<string, readonly string[]>();
  return {
    known,
    async lookup(host) {
      const found = await resolver.lookup(host);
      if (found.length > 0) known.set(host, found);
      return found;
    },
    forget: (host) => void known.delete(host),
  };
}
