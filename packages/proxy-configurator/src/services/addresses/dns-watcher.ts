import { createSemaphore } from '@docker-flow/daemon/concurrency/semaphore';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { tasksName } from '../../core/model/routed-service.js';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { AddressCache } from '../../ports.js';

export interface DnsWatcherDeps {
  readonly addresses: AddressCache;
  readonly resolver: NameResolver;
  /** Hosts in use, also those that lead nowhere yet. */
  readonly hosts: () => Iterable<string>;
  /** Called when an address in use has changed, or a host has begun to lead somewhere. */
  readonly onChange: (hosts: readonly string[]) => void;
}

export interface DnsWatcherOptions {
  /** Hosts whose addresses are those of tasks are asked for this often. */
  readonly taskIntervalMs: number;
  /** Virtual addresses stay as long as their service. */
  readonly vipIntervalMs: number;
}

interface WatchedHost {
  nextMs: number;
  /** How often in a row the name led nowhere. */
  failures: number;
}

const MAX_PAUSE_MS = 30_000;
const MAX_DOUBLINGS = 10;
const LOOK_EVERY_MS = 250;
const CONCURRENT = 40;

/**
 * Follows the addresses of hosts while they are in use. Tasks come and go, so their addresses are asked for every
 * second: Swarm takes a task's record away two seconds before it stops it. The address of a service with a virtual
 * one hardly ever changes; whether a name has one shows by comparing it with `tasks.<name>`.
 */
export function createDnsWatcher(deps: DnsWatcherDeps, options: DnsWatcherOptions): Actor {
  const { addresses, resolver } = deps;
  const { taskIntervalMs, vipIntervalMs } = options;
  const watched = new Map<string, WatchedHost>();
  const lookups = createSemaphore(CONCURRENT);
  const leadsToTasks = new Map<string, boolean>();

  /** True when the addresses have changed. */
  async function refresh(host: string, state: WatchedHost): Promise<boolean> {
    const before = addresses.known.get(host);
    const found = await addresses.lookup(host);
    state.failures = found.length === 0 ? state.failures + 1 : 0;
    state.nextMs = performance.now() + (await pauseAfter(host, found, state.failures));
    return found.length > 0 && !sameList(before ?? [], found);
  }

  async function pauseAfter(host: string, found: readonly string[], failures: number): Promise<number> {
    if (failures > 0) {
      return Math.min(MAX_PAUSE_MS, taskIntervalMs * 2 ** Math.min(failures - 1, MAX_DOUBLINGS));
    }
    if (host.startsWith('tasks.') || found.length > 1) return taskIntervalMs;
    if (!leadsToTasks.has(host)) {
      const tasks = await resolver.lookup(tasksName(host));
      leadsToTasks.set(host, tasks.length > 0 && sameList(tasks, found));
    }
    return leadsToTasks.get(host) === true ? taskIntervalMs : vipIntervalMs;
  }

  function forgetUnused(inUse: ReadonlySet<string>): void {
    for (const host of watched.keys()) {
      if (inUse.has(host)) continue;
      watched.delete(host);
      leadsToTasks.delete(host);
      addresses.forget(host);
    }
  }

  function dueOf(inUse: ReadonlySet<string>): [string, WatchedHost][] {
    const now = performance.now();
    const due: [string, WatchedHost][] = [];
    for (const host of inUse) {
      const state = watched.get(host) ?? { nextMs: now, failures: 0 };
      watched.set(host, state);
      if (state.nextMs <= now) due.push([host, state]);
    }
    return due;
  }

  /** Asks for all hosts whose time has come. */
  async function look(): Promise<void> {
    const inUse = new Set(deps.hosts());
    forgetUnused(inUse);
    const due = dueOf(inUse);
    const changed: string[] = [];
    await Promise.all(
      due.map(([host, state]) =>
        lookups.run(async () => {
          if (await refresh(host, state)) changed.push(host);
        }),
      ),
    );
    if (changed.length > 0) deps.onChange(changed.sort());
  }

  return {
    name: 'dns-watcher',
    async run(signal) {
      while (!isAborted(signal)) {
        await sleep(Math.min(taskIntervalMs, LOOK_EVERY_MS), signal);
        if (!isAborted(signal)) await look();
      }
    },
  };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
