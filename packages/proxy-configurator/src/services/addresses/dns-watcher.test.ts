import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createAddressCache } from './address-cache.js';
import { createDnsWatcher } from './dns-watcher.js';

interface World {
  readonly names: Map<string, readonly string[]>;
  readonly lookups: Map<string, number>;
  readonly changes: string[][];
  readonly hosts: Set<string>;
  /** Those about which the name servers say nothing at all. */
  readonly silent: Set<string>;
  /** Those whose answer takes some looks. */
  readonly late: Set<string>;
}

async function run(
  start: Readonly<Record<string, readonly string[]>>,
  hosts: readonly string[],
  done: (world: World, known: ReadonlyMap<string, readonly string[]>) => boolean,
): Promise<World & { known: ReadonlyMap<string, readonly string[]> }> {
  const world: World = {
    names: new Map(Object.entries(start)),
    lookups: new Map(),
    changes: [],
    hosts: new Set(hosts),
    silent: new Set(),
    late: new Set(),
  };
  const stop = new AbortController();
  const resolver = {
    async lookup(host: string) {
      world.lookups.set(host, (world.lookups.get(host) ?? 0) + 1);
      if (done(world, addresses.known)) stop.abort();
      if (world.silent.has(host)) return new Promise<readonly string[]>(() => undefined);
      if (world.late.has(host)) await setTimeout(5);
      return world.names.get(host) ?? [];
    },
  };
  const addresses = createAddressCache(resolver);
  const watcher = createDnsWatcher(
    {
      addresses,
      resolver,
      hosts: () => world.hosts,
      onChange: (changed) => world.changes.push([...changed]),
    },
    { taskIntervalMs: 1, vipIntervalMs: 5, nowhere: { leastMs: 1, mostMs: 10, perSecond: 10_000 } },
  );
  await watcher.run(stop.signal);
  return { ...world, known: addresses.known };
}

function times({ lookups }: World, host: string): number {
  return lookups.get(host) ?? 0;
}

test('a host that begins to lead somewhere is told of once', async () => {
  const { changes } = await run({}, ['web'], (world) => {
    if (times(world, 'web') === 3) world.names.set('web', ['10.0.0.1']);
    return times(world, 'web') > 8;
  });
  expect(changes).toEqual([['web']]);
});

test('a name that leads nowhere for a moment keeps its addresses', async () => {
  const { changes, known } = await run({ 'tasks.web': ['10.0.0.1'] }, ['tasks.web'], (world) => {
    if (times(world, 'tasks.web') === 3) world.names.delete('tasks.web');
    return times(world, 'tasks.web') > 6;
  });
  expect(known.get('tasks.web')).toEqual(['10.0.0.1']);
  expect(changes).toEqual([['tasks.web']]);
});

test('hosts that nobody needs any more are forgotten', async () => {
  const { known } = await run({ a: ['10.0.0.1'], b: ['10.0.0.2'] }, ['a', 'b'], (world, now) => {
    if (now.size === 2) world.hosts.delete('a');
    return times(world, 'b') > 6;
  });
  expect([...known.keys()]).toEqual(['b']);
});

test('addresses of tasks are looked at more often than virtual ones', async () => {
  const world = await run(
    { vip: ['10.0.0.2'], 'tasks.vip': ['10.0.1.1'], tasks: ['10.0.2.1'], 'tasks.tasks': ['10.0.2.1'] },
    ['vip', 'tasks'],
    (now) => times(now, 'tasks') > 15,
  );
  expect(times(world, 'vip')).toBeLessThan(times(world, 'tasks'));
  expect([times(world, 'tasks.vip'), times(world, 'tasks.tasks')]).toEqual([1, 1]);
});

test('a name about which nothing is said keeps nobody waiting, and is not asked for again meanwhile', async () => {
  const world = await run({}, ['dead', 'web'], (now) => {
    now.silent.add('dead');
    if (times(now, 'web') === 3) now.names.set('web', ['10.0.0.1']);
    return times(now, 'web') > 8;
  });
  expect(world.changes).toEqual([['web']]);
  expect(times(world, 'dead')).toBe(1);
});

test('an answer that comes when nobody needs the host any more is not remembered', async () => {
  const { known } = await run({ a: ['10.0.0.1'], b: ['10.0.0.2'] }, ['a', 'b'], (now) => {
    if (times(now, 'a') === 1) {
      now.late.add('a');
      now.hosts.delete('a');
    }
    return times(now, 'b') > 12;
  });
  expect([...known.keys()]).toEqual(['b']);
});
