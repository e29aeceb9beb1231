import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { rememberLast } from './remember.js';
import { sortedByText } from './sorted-by-text.js';

/** Generated names of one destination. */
export interface DestinationNames {
  /** `<aclName><port>_<index>`, the end of its acl names. */
  readonly key: string;
  readonly backend: string;
  /** Backend of `httpsPort`. */
  readonly httpsBackend: string;
  /** Backends through which the checks of the others are asked for while the service wakes. */
  readonly probeBackend?: string;
  readonly httpsProbeBackend?: string;
}

/** Finds the names of a destination. */
export type Names = (service: ProxyService, destination: ProxyDestination) => DestinationNames;

/**
 * Names of all destinations, a contract with dashboards and log filters: `<aclName>-be<port>_<index>`.
 * Where two destinations would get the same name (two services with one aclName, `web1`+`80` and
 * `web`+`180`, `exclude_shop` and what `shop` excludes), the service that is called like its aclName keeps the plain one.
 *
 * @param awaited services without routes, which take no name from the others
 */
export function nameDestinations(
  services: readonly ProxyService[],
  awaited: readonly ProxyService[] = [],
): Names {
  const keys: TakenKeys = new Map();
  const backends = new Set<string>();
  const found = new Map<string, Map<number, DestinationNames>>();
  for (const service of [...sortedByText(services, claimOrder), ...sortedByText(awaited, claimOrder)]) {
    const own = (text: string) => `${text}-${service.name}`;
    const ofService = new Map<number, DestinationNames>();
    found.set(service.name, ofService);
    for (const destination of service.destinations) {
      const plain = plainNames(destination, service);
      const key = claimKey(keys, plain.key, own, destination);
      const backend = claim(backends, plain.backend, own);
      const httpsBackend = claim(backends, plain.httpsBackend, own);
      const probes = plain.probes?.map((name) => claim(backends, name, own)) ?? [];
      ofService.set(destination.index, namesOf(destination, key, backend, httpsBackend, ...probes));
    }
  }
  return (service, destination) => {
    const names = found.get(service.name)?.get(destination.index);
    if (!names) throw new RangeError(`no names for ${service.name} ${destination.index}`);
    return names;
  };
}

/** The names of a destination where nobody else has them. */
const plainNames = rememberLast(
  ({ index, port, httpsPort }: ProxyDestination, { aclName, waking }: ProxyService) => {
    const backend = `${aclName}-be${port ?? ''}_${index}`;
    const httpsBackend = `https-${aclName}-be${httpsPort ?? ''}_${index}`;
    const probes = waking && [`wake-${backend}`, `wake-${httpsBackend}`];
    return { key: `${aclName}${port ?? ''}_${index}`, backend, httpsBackend, probes };
  },
);

// The same names are the same object, so that what was made of them can be kept.
const namesOf = rememberLast(
  (
    _: ProxyDestination,
    key: string,
    backend: string,
    httpsBackend: string,
    probeBackend?: string,
    httpsProbeBackend?: string,
  ): DestinationNames => ({
    key,
    backend,
    httpsBackend,
    ...(probeBackend !== undefined && { probeBackend }),
    ...(httpsProbeBackend !== undefined && { httpsProbeBackend }),
  }),
);

/** Beginnings that we put in front of names ourselves: whoever bears one by chance has to wait for the others. */
const DERIVED = /^(?:exclude|https?|acme|certified|asked|wake)[_-]/;

/** A text that sorts as claims to plain names do: services that begin with 0 have the first, with 3 the last. */
const claimOrder = rememberLast(
  ({ name, aclName }: ProxyService) =>
    `${(DERIVED.test(aclName) ? 2 : 0) + (name === aclName ? 0 : 1)}${name}`,
);

/** Every acl that a destination of this key may have, whatever its prefix. */
function aclNames(key: string, { headers }: ProxyDestination): readonly string[] {
  const prefixes = ['url', 'url_exclude', 'domain', 'srcPort', 'srcHttpsPort', 'user_agent', 'redirect'];
  const more = [
    'redirected',
    'sni',
    ...['acme_asked', 'acme_certified'].flatMap((one) => [`${one}_http`, `${one}_https`]),
  ];
  return [
    ...[...prefixes, ...more].map((prefix) => `${prefix}_${key}`),
    ...headers.map((_, i) => `hdr_${key}_${i}`),
  ];
}

/** Keys in use with their destinations, by stem. */
type TakenKeys = Map<string, { readonly key: string; readonly destination: ProxyDestination }[]>;

/**
 * What keys with an acl in common have in common: `url_exclude_` begins with `url_`, and no other prefix with another
 * one.
 */
function stemOf(key: string): string {
  return key.replace(/^(?:exclude_)+/, '');
}

/** A key none of whose acls has a name that another destination has. */
function claimKey(
  taken: TakenKeys,
  plain: string,
  own: (plain: string) => string,
  destination: ProxyDestination,
): string {
  const isFree = (key: string) => {
    const near = taken.get(stemOf(key));
    if (!near) return true;
    const names = new Set(near.flatMap((one) => aclNames(one.key, one.destination)));
    return !aclNames(key, destination).some((name) => names.has(name));
  };
  let key = isFree(plain) ? plain : own(plain);
  for (let i = 2; !isFree(key); i += 1) key = `${own(plain)}-${i}`;
  const stem = stemOf(key);
  const near = taken.get(stem);
  if (near) near.push({ key, destination });
  else taken.set(stem, [{ key, destination }]);
  return key;
}

function claim(taken: Set<string>, plain: string, own: (plain: string) => string): string {
  let name = taken.has(plain) ? own(plain) : plain;
  for (let i = 2; taken.has(name); i += 1) name = `${own(plain)}-${i}`;
  taken.add(name);
  return name;
}
