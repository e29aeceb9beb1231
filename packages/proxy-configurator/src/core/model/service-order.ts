import { compareBytes, type ProxyService } from '@docker-flow/labels';
import { rememberLast } from './remember.js';
import { sortedByText } from './sorted-by-text.js';

type Ordered = Pick<ProxyService, 'name' | 'aclName' | 'destinations'>;

/**
 * The order in which services are tried: those with a path below `/.well-known` first, those with the
 * path `/` (also because they have a domain and no path) last; ties by aclName, byte by byte. Length or
 * specificity of a path plays no role.
 */
export function compareServices(a: Ordered, b: Ordered): number {
  return compareBytes(orderOf(a), orderOf(b));
}

/** The same services in that order. */
export function inServiceOrder<T extends { readonly service: Ordered }>(
  services: readonly T[],
): readonly T[] {
  return sortedByText(services, ({ service }) => orderOf(service));
}

/** A text that sorts as the service does. */
const orderOf = rememberLast((service: Ordered) => `${rank(service)}${service.aclName}\0${service.name}`);

/** Why the first of two services, which comes before the other one, does so. */
export function whyBefore(first: Ordered, other: Ordered): string {
  if (rank(first) === rank(other)) {
    return first.aclName === other.aclName
      ? `of one aclName, the name ${first.name} sorts before ${other.name}`
      : `aclName ${first.aclName} sorts before ${other.aclName}`;
  }
  return rank(first) === 0
    ? 'a service with a path below /.well-known comes first'
    : 'a service with the path / comes last';
}

function rank({ destinations }: Ordered): number {
  if (destinations.some(({ paths }) => paths.some((path) => /^\/\.well-known/i.test(path)))) return 0;
  return destinations.some(({ paths, pathImplied }) => pathImplied || paths.includes('/')) ? 2 : 1;
}
