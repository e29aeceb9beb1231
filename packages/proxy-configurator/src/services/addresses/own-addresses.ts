import { networkInterfaces } from 'node:os';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { tasksName } from '../../core/model/routed-service.js';

/** Where the proxy itself is reached: this replica, the others, and the address they share. */
export interface ProxyAddresses {
  /** As far as they are known. */
  all(): readonly string[];
  /** Asks again, at most once a second. */
  refresh(): Promise<void>;
  /** Asks again and again: replicas come and go. */
  readonly actor: Actor;
}

const FRESH_MS = 1_000;
const INTERVAL_MS = 10_000;

export interface ProxyAddressesOptions {
  readonly resolver: NameResolver;
  /** The service of the proxy in the Swarm. */
  readonly serviceName: string;
  readonly now: () => number;
}

export function createProxyAddresses({ resolver, serviceName, now }: ProxyAddressesOptions): ProxyAddresses {
  let shared: readonly string[] = [];
  let askedAt = -Infinity;

  async function refresh(): Promise<void> {
    if (now() - askedAt < FRESH_MS) return;
    askedAt = now();
    const found = await Promise.all(
      [serviceName, tasksName(serviceName)].map((name) => resolver.lookup(name).catch(() => [])),
    );
    shared = found.flat();
  }

  return {
    all: () => [...ownAddresses(), ...shared],
    refresh,
    actor: {
      name: 'proxy-addresses',
      async run(signal) {
        while (!signal.aborted) {
          await refresh();
          await sleep(INTERVAL_MS, signal);
        }
      },
    },
  };
}

/** Addresses of this replica with the length of their networks' prefixes, such as `10.0.1.5/24`. */
export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap(
    (list) => list?.map(({ address, cidr }) => cidr ?? address) ?? [],
  );
}
