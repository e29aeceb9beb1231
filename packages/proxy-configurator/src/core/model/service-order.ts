import { byText, type ProxyService } from '@docker-flow/labels';
import { rememberLast } from './remember.js';

type Ordered = Pick<ProxyService, 'name' | 'aclName' | 'destinations'>;

const byNames = byText<Ordered>(
  ({ aclName }) => aclName,
  ({ name }) => name,
);

/**
 * The order in which services are tried: those with a path below `/.well-known` first, those with the
 * path `/` (also because they have a domain and no path) last; ties by aclName, byte by byte. Length or
 * specificity of a path plays no role.
 */
export function compareServices(a: Ordered, b: Ordered): number {
  return rankOf(a) - rankOf(b) || byNames(a, b);
}

// A sort compares each service with a dozen others.
const rankOf = rememberLast(rank);

function rank({ destinations }: Ordered): number {
  if (destinations.some(({ paths }) => paths.some((path) => /^\/\.well-known/i.test(path)))) return 0;
  return destinations.some(({ paths, pathImplied }) => pathImplied || paths.includes('/')) ? 2 : 1;
}
