import { sleep } from '@docker-flow/daemon/concurrency/retry';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { tasksName, type Addresses } from '../core/model/routed-service.js';
import type { NameResolver } from '../ports.js';

/** What is known of the addresses of hosts, followed while they are in use. */
export interface AddressBook {
  readonly known: Addresses;
  /** Asks now and remembers the answer; an empty answer does not make what was known before unknown. */
  lookup(host: string): Promise<readonly string[]>;
  /** Follows the hosts that are in use. */
  readonly actor: Actor;
}

interface Followed {
  nextMs: number;
  /** How often in a row the name led nowhere. */
  failures: number;
}

export interface AddressBookOptions {
  readonly resolver: NameResolver;
  /** Hosts in use, also those that lead nowhere yet. */
  readonly hosts: () => Iterable<string>;
  /** Called when an address in use has changed, or a host has begun to lead somewhere. */
  readonly onChange: (hosts: readonly string[]) => void;
  /** Hosts whose addresses are those of tasks are asked for this often. */
  readonly taskIntervalMs: number;
  /** Virtual addresses stay as long as their service. */
  readonly vipIntervalMs: number;
}

const MAX_PAUSE_MS = 30_000;
const CONCURRENT = 40;

/**
 * Addresses by host name. Tasks come and go, so their addresses are asked for every second: Swarm takes a
 * task's record away two seconds before it stops it. The address of a service with a virtual one hardly
 * ever changes; whether a name has one shows by comparing it with `tasks.<name>`.
 */
export function createAddressBook(options: AddressBookOptions): AddressBook {
  const { resolver } = options;
  const known = new Map<string, readonly string[]>();
  const followed = new Map<string, Followed>();
  const isOfTasks = new Map<string, boolean>();

  async function lookup(host: string): Promise<readonly string[]> {
    const found = await resolver.lookup(host);
    if (found.length > 0) known.set(host, found);
    return found;
  }

  async function refresh(host: string, state: Followed): Promise<boolean> {
    const before = known.get(host);
    const found = await lookup(host);
    state.failures = found.length === 0 ? state.failures + 1 : 0;
    state.nextMs = performance.now() + (await pauseAfter(host, found, state.failures));
    return found.length > 0 && !sameList(before ?? [], found);
  }

  async function pauseAfter(host: string, found: readonly string[], failures: number): Promise<number> {
    if (failures > 0) return Math.min(MAX_PAUSE_MS, options.taskIntervalMs * 2 ** Math.min(failures - 1, 10));
    if (host.startsWith('tasks.') || found.length > 1) return options.taskIntervalMs;
    if (!isOfTasks.has(host)) {
      const tasks = await resolver.lookup(tasksName(host));
      isOfTasks.set(host, tasks.length > 0 && sameList(tasks, found));
    }
    return isOfTasks.get(host) === true ? options.taskIntervalMs : options.vipIntervalMs;
  }

  /** Asks for all hosts whose time has come. */
  async function look(): Promise<void> {
    const inUse = new Set(options.hosts());
    for (const host of followed.keys()) {
      if (inUse.has(host)) continue;
      followed.delete(host);
      isOfTasks.delete(host);
      known.delete(host);
    }
    const now = performance.now();
    const due: [string, Followed][] = [];
    for (const host of inUse) {
      const state = followed.get(host) ?? { nextMs: now, failures: 0 };
      followed.set(host, state);
      if (state.nextMs <= now) due.push([host, state]);
    }
    const changed: string[] = [];
    const workers = Array.from({ length: Math.min(CONCURRENT, due.length) }, async () => {
      for (let next = due.pop(); next; next = due.pop()) if (await refresh(...next)) changed.push(next[0]);
    });
    await Promise.all(workers);
    if (changed.length > 0) options.onChange(changed.sort());
  }

  return {
    known,
    lookup,
    actor: {
      name: 'addresses',
      async run(signal) {
        const stopped = () => signal.aborted;
        while (!stopped()) {
          await sleep(Math.min(options.taskIntervalMs, 250), signal);
          if (!stopped()) await look();
        }
      },
    },
  };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
