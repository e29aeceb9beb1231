import { compareBytes, type ProxyDestination, type ProxyService } from '@docker-flow/labels';

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
 */
export function nameDestinations(services: readonly ProxyService[]): Names {
  const acls = new Set<string>();
  const backends = new Set<string>();
  const found = new Map<string, DestinationNames>();
  const byClaim = [...services].sort(
    (a, b) =>
      Number(DERIVED.test(a.aclName)) - Number(DERIVED.test(b.aclName)) ||
      Number(b.name === b.aclName) - Number(a.name === a.aclName) ||
      compareBytes(a.name, b.name),
  );
  for (const service of byClaim) {
    for (const destination of service.destinations) {
      const { index, port, httpsPort } = destination;
      const own = (text: string) => `${text}-${service.name}`;
      const key = `${service.aclName}${port ?? ''}_${index}`;
      const backend = `${service.aclName}-be${port ?? ''}_${index}`;
      const https = `https-${service.aclName}-be${httpsPort ?? ''}_${index}`;
      found.set(place(service, destination), {
        key: claimKey(acls, key, own(key), destination),
        backend: claim(backends, backend, own(backend)),
        httpsBackend: claim(backends, https, own(https)),
        ...(service.waking && {
          probeBackend: claim(backends, `wake-${backend}`, own(`wake-${backend}`)),
          httpsProbeBackend: claim(backends, `wake-${https}`, own(`wake-${https}`)),
        }),
      });
    }
  }
  return (service, destination) => {
    const names = found.get(place(service, destination));
    if (!names) throw new RangeError(`no names for ${place(service, destination)}`);
    return names;
  };
}

/** Beginnings that we put in front of names ourselves: whoever bears one by chance has to wait for the others. */
const DERIVED = /^(?:exclude|https?|acme|certified|asked|wake)[_-]/;

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

/** A key none of whose acls has a name that another destination has. */
function claimKey(taken: Set<string>, plain: string, own: string, destination: ProxyDestination): string {
  const isFree = (key: string) => !aclNames(key, destination).some((name) => taken.has(name));
  let key = isFree(plain) ? plain : own;
  for (let i = 2; !isFree(key); i += 1) key = `${own}-${i}`;
  for (const name of aclNames(key, destination)) taken.add(name);
  return key;
}

function place(service: ProxyService, { index }: ProxyDestination): string {
  return `${service.name} ${index}`;
}

function claim(taken: Set<string>, plain: string, own: string): string {
  let name = taken.has(plain) ? own : plain;
  for (let i = 2; taken.has(name); i += 1) name = `${own}-${i}`;
  taken.add(name);
  return name;
}
