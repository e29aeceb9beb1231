import type { Random } from '../chaos/random.js';

/** A service of the soak: which version of its labels is in force. */
export interface SoakService {
  readonly name: string;
  readonly revision: number;
  readonly replicas: number;
}

export type SoakChange =
  | { readonly what: 'create' | 'update'; readonly service: SoakService }
  | { readonly what: 'remove'; readonly name: string };

/** A part of them comes and goes, so that names, rules and routes that are not used any more have to vanish. */
const COMING_AND_GOING = 0.2;

export function firstServices(count: number): ReadonlyMap<string, SoakService> {
  return new Map(
    Array.from({ length: count }, (_, i) => [`soak-${i}`, { name: `soak-${i}`, revision: 0, replicas: 2 }]),
  );
}

/** The next change: about as many services are there after a long time as at first. */
export function nextChange(
  services: ReadonlyMap<string, SoakService>,
  count: number,
  random: Random,
): SoakChange {
  const name = `soak-${random.below(count)}`;
  const found = services.get(name);
  const revision = random.below(1_000_000);
  if (!found) return { what: 'create', service: { name, revision, replicas: 1 + random.below(3) } };
  const chance = random.next();
  // Twice the share, because what was removed is created again with the next change that meets it.
  if (chance < COMING_AND_GOING / 2) return { what: 'remove', name };
  if (chance < 0.5) return { what: 'update', service: { ...found, replicas: 1 + random.below(3) } };
  return { what: 'update', service: { ...found, revision } };
}

export function afterChange(
  services: ReadonlyMap<string, SoakService>,
  change: SoakChange,
): ReadonlyMap<string, SoakService> {
  const result = new Map(services);
  if (change.what === 'remove') result.delete(change.name);
  else result.set(change.service.name, change.service);
  return result;
}

/** Labels for the proxy, the monitor and the scaler. Every service is answered by one server on this machine. */
export function soakLabels({ name, revision }: SoakService, port: number): Readonly<Record<string, string>> {
  const labels = {
    notify: 'true',
    // The proxy is alone, and there is no DNS to ask for others.
    distribute: 'false',
    servicePath: `/${name}/,/${name}-${revision}/`,
    port: String(port),
    outboundHostname: '127.0.0.1',
    alertName: 'slow',
    alertIf: `vector(${revision}) > 10000000`,
    alertFor: '30s',
    scaleMin: '1',
    scaleMax: '3',
  };
  return Object.fromEntries(Object.entries(labels).map(([label, value]) => [`com.df.${label}`, value]));
}
