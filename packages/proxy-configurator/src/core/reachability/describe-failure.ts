import { tasksName } from '../model/routed-service.js';

/** How a try to connect ended. */
export type Attempt = 'open' | 'refused' | 'silent' | 'no-route';

/** Where requests of a destination are sent. */
export interface Target {
  readonly service: string;
  readonly backend: string;
  readonly host: string;
  readonly port: number;
}

/** What was found when nothing took the connection. */
export interface Findings {
  /** By address of the host; none: it leads nowhere. */
  readonly attempts: ReadonlyMap<string, Attempt>;
  /** The same for the tasks of the host, where these have other addresses than the host itself. */
  readonly tasks: ReadonlyMap<string, Attempt>;
}

/** Why the servers of a destination cannot be reached, and what would mend it; `undefined` when they can. */
export function describeFailure(
  { service, host, port }: Target,
  { attempts, tasks }: Findings,
): string | undefined {
  const found = [...attempts.values()];
  if (found.includes('open')) return undefined;
  const isSwarmName = host === service;
  if (attempts.size === 0) {
    return `${host} has no address here: it shares no network with the proxy, or no task of it runs; expected a network of the proxy among those of the service`;
  }
  const addresses = [...attempts.keys()].join(', ');
  if ([...tasks.values()].includes('open')) {
    return `nothing answers at the virtual address ${addresses} of ${host}, but its task ${firstOpen(tasks)} does at port ${port}: there is no IPVS behind virtual addresses on this node; expected the kernel module ip_vs, or endpoint_mode: dnsrr`;
  }
  if ([...found, ...tasks.values()].includes('refused')) {
    return `port ${port} of ${host} (${addresses}) is closed: nothing listens there yet, or the container listens on another one; expected the port inside the container`;
  }
  if (isSwarmName && tasks.size === 0 && attempts.size === 1) {
    return `nothing answers at ${addresses} port ${port}, and ${tasksName(host)} has no other address: no task of ${host} runs, or packets do not get through between nodes (UDP 4789)`;
  }
  return `nothing answers at ${addresses} port ${port} of ${host}: no route, a firewall, or packets that do not get through between nodes (UDP 4789)`;
}

function firstOpen(tasks: ReadonlyMap<string, Attempt>): string {
  return [...tasks].find(([, attempt]) => attempt === 'open')?.[0] ?? '';
}
