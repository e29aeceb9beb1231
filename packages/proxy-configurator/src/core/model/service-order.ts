import type { ProxyService } from '@docker-flow/labels';

type Ordered = Pick<ProxyService, 'name' | 'aclName' | 'destinations'>;

/**
 * The order in which services are tried: those with a path below `/.well-known` first, those with the
 * path `/` (also because they have a domain and no path) last; ties by aclName, byte by byte. Length or
 * specificity of a path plays no role.
 */
export function compareServices(a: Ordered, b: Ordered): number {
  return rank(a) - rank(b) || compareNames(a.aclName, b.aclName) || compareNames(a.name, b.name);
}

function rank({ destinations }: Ordered): number {
  if (destinations.some(({ paths }) => paths.some((path) => /^\/\.well-known/i.test(path)))) return 0;
  return destinations.some(({ paths, pathImplied }) => pathImplied || paths.includes('/')) ? 2 : 1;
}

/** Names are ASCII, so comparing them as text is comparing their bytes. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
