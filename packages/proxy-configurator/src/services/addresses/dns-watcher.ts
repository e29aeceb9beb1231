import { createSemaphore } from '@docker-flow/daemon/concurrency/semaphore';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { isAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { tasksName } from '../../core/model/routed-service.js';
import type { NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { AddressCache } from '../../ports.js';
import { pauseOfNowhere, stretchOf, type LookPace } from './look-pace.js';

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
  /** Names that lead nowhere: those of services whose first task starts. */
  readonly nowhere: LookPace;
}

interface WatchedHost {
  nextMs: number;
  isAsked: boolean;
  /** Since when the name has led nowhere; `undefined` when it leads somewhere. */
  nowhereSinceMs: number | undefined;
  /** When it was asked for everywhere, and not at the name servers alone. */
  everywhereAtMs: number;
}

const LOOK_EVERY_MS = 250;
const CONCURRENT = 40;
/** Docker's DNS forwards what it does not know, and may have to wait for that: other names shall not. */
const CONCURRENT_NOWHERE = 20;
/** The hosts file and search domains change seldom. */
const EVERYWHERE_EVERY_MS = 1_000;

/**
 * Follows the addresses of hosts while they are in use. Tasks come and go, so their addresses are asked for every
 * second: Swarm takes a task's record away two seconds before it stops it. A name that leads nowhere is asked for the
 * more often the newer that is: its first task answers soon after it runs. The address of a service with a virtual
 * one hardly ever changes; whether a name has one shows by comparing it with `tasks.<name>`.
 */
export function createDnsWatcher(deps: DnsWatcherDeps, options: DnsWatcherOptions): Actor {
  const { addresses, resolver } = deps;
  const { taskIntervalMs, vipIntervalMs, nowhere } = options;
  const watched = new Map<string, WatchedHost>();
  const lookups = createSemaphore(CONCURRENT);
  const lookupsOfNowhere = createSemaphore(CONCURRENT_NOWHERE);
  const leadsToTasks = new Map<string, boolean>();
  let stretch = 1;
  /** Looks that have not ended, and what has changed since the last word of it. */
  let underWay = 0;
  let changed: string[] = [];

  function tell(): void {
    if (changed.length === 0) return;
    const hosts = changed.sort();
    changed = [];
    deps.onChange(hosts);
  }

  /** True when the addresses have changed. */
  async function refresh(host: string, state: WatchedHost): Promise<boolean> {
    const before = addresses.known.get(host);
    const isLate = performance.now() - state.everywhereAtMs >= EVERYWHERE_EVERY_MS;
    const where = state.nowhereSinceMs === undefined || isLate ? 'everywhere' : 'servers';
    if (where === 'everywhere') state.everywhereAtMs = performance.now();
    const found = await addresses.lookup(host, where);
    if (found.length === 0) state.nowhereSinceMs ??= performance.now();
    else state.nowhereSinceMs = undefined;
    state.nextMs = (await pauseAfter(host, found, state)) + performance.now();
    return found.length > 0 && !sameList(before ?? [], found);
  }

  async function pauseAfter(
    host: string,
    found: readonly string[],
    { nowhereSinceMs }: WatchedHost,
  ): Promise<number> {
    if (nowhereSinceMs !== undefined) {
      return pauseOfNowhere(performance.now() - nowhereSinceMs, stretch, nowhere);
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
      const state = watched.get(host) ?? newHost(now);
      watched.set(host, state);
      if (state.nextMs <= now && !state.isAsked) due.push([host, state]);
    }
    return due;
  }

  /** Names that lead nowhere, and for how long. */
  function* waiting(): Iterable<number> {
    const now = performance.now();
    for (const { nowhereSinceMs } of watched.values())
      if (nowhereSinceMs !== undefined) yield now - nowhereSinceMs;
  }

  async function ask(host: string, state: WatchedHost): Promise<void> {
    const places = state.nowhereSinceMs === undefined ? lookups : lookupsOfNowhere;
    state.isAsked = true;
    underWay += 1;
    try {
      const isChanged = await places.run(() => refresh(host, state));
      // What nobody needs any more by now must not be remembered for a later service of that name.
      if (!watched.has(host)) addresses.forget(host);
      else if (isChanged) changed.push(host);
    } finally {
      state.isAsked = false;
      underWay -= 1;
      if (underWay === 0) tell();
    }
  }

  /** Begins to ask for all hosts whose time has come. What those before have found is told now, whoever is late. */
  function look(): void {
    tell();
    const inUse = new Set(deps.hosts());
    forgetUnused(inUse);
    stretch = stretchOf(waiting(), nowhere);
    for (const [host, state] of dueOf(inUse)) void ask(host, state);
  }

  /** A name that is new is asked for more often than others are looked at. */
  function pauseMs(): number {
    const usual = Math.min(taskIntervalMs, LOOK_EVERY_MS);
    for (const waitedMs of waiting())
      if (pauseOfNowhere(waitedMs, stretch, nowhere) < usual) return nowhere.leastMs;
    return usual;
  }

  return {
    name: 'dns-watcher',
    async run(signal) {
      while (!isAborted(signal)) {
        await sleep(pauseMs(), signal);
        if (!isAborted(signal)) look();
      }
    },
  };
}

function newHost(now: number): WatchedHost {
  return { nextMs: now, isAsked: false, nowhereSinceMs: undefined, everywhereAtMs: -Infinity };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}
