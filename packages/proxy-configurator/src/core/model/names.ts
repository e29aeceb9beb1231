import { compareBytes, type ProxyDestination, type ProxyService } from '@docker-flow/labels';

/** Generated names of one destination. */
export interface DestinationNames {
  /** `<aclName><port>_<index>`, the end of its acl names. */
  readonly key: string;
  readonly backend: string;
  /** Backend of `httpsPort`. */
  readonly httpsBackend: string;
}

/** Finds the names of a destination. */
export type Names = (service: ProxyService, destination: ProxyDestination) => DestinationNames;

/**
 * Names of all destinations, a contract with dashboards and log filters: `<aclName>-be<port>_<index>`.
 * Where two destinations would get the same name (two services with one aclName, `web1`+`80` and
 * `web`+`180`), the service that is called like its aclName keeps the plain one.
 */
export function nameDestinations(services: readonly ProxyService[]): Names {
  const keys = new Set<string>();
  const backends = new Set<string>();
  const found = new Map<string, DestinationNames>();
  const byClaim = [...services].sort(
    (a, b) => Number(b.name === b.aclName) - Number(a.name === a.aclName) || compareBytes(a.name, b.name),
  );
  for (const service of byClaim) {
    for (const destination of service.destinations) {
      const { index, port, httpsPort } = destination;
      const own = (text: string) => `${text}-${service.name}`;
      const key = `${service.aclName}${port ?? ''}_${index}`;
      const backend = `${service.aclName}-be${port ?? ''}_${index}`;
      const https = `https-${service.aclName}-be${httpsPort ?? ''}_${index}`;
      found.set(place(service, destination), {
        key: claim(keys, key, own(key)),
        backend: claim(backends, backend, own(backend)),
        httpsBackend: claim(backends, https, own(https)),
      });
    }
  }
  return (service, destination) => {
    const names = found.get(place(service, destination));
    if (!names) throw new RangeError(`no names for ${place(service, destination)}`);
    return names;
  };
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
