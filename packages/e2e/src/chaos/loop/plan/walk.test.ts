import { describe, expect, test } from '@jest/globals';
import { excuseOf, faultInWords, restartedBy, type Fault } from './faults.js';
import { actionInWords } from './actions.js';
import { INJECTED, labelsOf } from './walked-service.js';
import { firstWorld, STEADY, walk, type Round, type WalkOptions } from './walk.js';

const OPTIONS: WalkOptions = { seed: 7, faults: 'all', managers: 3, workers: 2 };

function rounds(count: number, options: Partial<WalkOptions> = {}): readonly Round[] {
  const walking = walk({ ...OPTIONS, ...options });
  return Array.from({ length: count }, () => walking.next().value);
}

const inWords = (list: readonly Round[]) =>
  list.map(({ actions, fault }) => [...actions.map(actionInWords), fault && faultInWords(fault)]);

test('the same seed, the same walk; another seed, another one', () => {
  expect(inWords(rounds(50))).toEqual(inWords(rounds(50)));
  expect(inWords(rounds(50))).not.toEqual(inWords(rounds(50, { seed: 8 })));
});

test('services are changed only while they are there, and created only while they are not', () => {
  let there = new Set(firstWorld().keys());
  for (const { actions, world } of rounds(500)) {
    for (const action of actions) {
      const name = 'service' in action ? action.service.name : action.name;
      expect([actionInWords(action), there.has(name)]).toEqual([
        actionInWords(action),
        action.what !== 'create',
      ]);
      if (action.what === 'create') there.add(name);
      if (action.what === 'remove') there.delete(name);
    }
    expect(new Set(world.keys())).toEqual(there);
    there = new Set(world.keys());
  }
});

test('steady services stay, with their path, their bounds and at least one replica', () => {
  for (const { world } of rounds(500))
    for (const name of STEADY) {
      const service = world.get(name);
      const labels = labelsOf(service!);
      expect(labels['com.df.servicePath'] ?? labels['com.df.servicePath.1']).toContain(`/${name}/`);
      expect(service!.features.bounds).toEqual(firstWorld().get(name)!.features.bounds);
      expect(service!.replicas).toBeGreaterThanOrEqual(1);
    }
});

test('there is one canary at most, of a service that stays', () => {
  for (const { world } of rounds(500)) {
    const canaries = [...world.values()].flatMap(({ features }) => features.canary ?? []);
    expect(canaries.length).toBeLessThanOrEqual(1);
    expect(canaries.every(({ of }) => world.has(of))).toBe(true);
  }
});

test('every action, every mistake in labels and every fault comes in a long walk', () => {
  const all = rounds(2_000);
  const actions = new Set(all.flatMap((round) => round.actions.map(({ what }) => what)));
  expect([...actions].sort()).toEqual(['create', 'redeploy', 'relabel', 'remove', 'scale', 'webhooks']);
  const hostilities = new Set(
    all.flatMap(({ world }) => [...world.values()].map((one) => one.features.hostility)),
  );
  expect(hostilities.size).toBe(5);
  const faults = new Set(all.map(({ fault }) => fault && faultInWords(fault)));
  // Nothing, nine programs killed and stopped, three inner processes killed and stopped, two full disks, six of nodes.
  expect(faults.size).toBe(1 + 2 * 9 + 2 * 3 + 2 + 6);
});

describe('faults fit the cluster', () => {
  const nodeFaults = (options: Partial<WalkOptions>) =>
    new Set(
      rounds(1_000, options).flatMap(({ fault }) =>
        fault && 'node' in fault ? [`${fault.kind} ${fault.node.role}`] : [],
      ),
    );
  test('without faults there are none', () => {
    expect(rounds(200, { faults: 'none' }).every(({ fault }) => fault === undefined)).toBe(true);
  });
  test('those of programs leave nodes alone', () => {
    expect(nodeFaults({ faults: 'programs' })).toEqual(new Set());
  });
  test('one manager is never taken away', () => {
    expect(nodeFaults({ managers: 1, workers: 0 })).toEqual(new Set(['crash manager']));
  });
  test('three managers lose their leader, and workers their power', () => {
    expect(nodeFaults({})).toEqual(
      new Set(['crash manager', 'crash worker', 'off worker', 'cut worker', 'off leader', 'cut manager']),
    );
  });
});

test.each<[Fault, string, string]>([
  [{ kind: 'kill', program: 'monitor', which: 0 }, 'none', 'monitor'],
  [{ kind: 'kill', program: 'proxy', which: 0 }, 'proxy', 'proxy'],
  [{ kind: 'stop', program: 'proxy', which: 0 }, 'none', 'proxy'],
  [{ kind: 'kill inside', process: 'HAProxy worker', which: 0 }, 'proxy', 'proxy'],
  [{ kind: 'stop inside', process: 'HAProxy master', which: 0 }, 'none', 'proxy'],
  [{ kind: 'kill inside', process: 'Prometheus', which: 0 }, 'none', 'monitor'],
  [{ kind: 'disk full', program: 'proxy', which: 0 }, 'none', 'proxy'],
  [{ kind: 'cut', node: { role: 'worker', which: 0 } }, 'all', 'all'],
])('%j excuses the failures of %s', (fault, excuse, restarted) => {
  expect([excuseOf(fault), restartedBy(fault)]).toEqual([excuse, restarted]);
});

test('each kind of service has its labels', () => {
  const service = { name: 'oak', replicas: 1, version: 0, features: { revision: 4, isScraped: false } };
  expect(labelsOf(service)).toEqual({
    'com.df.notify': 'true',
    'com.df.distribute': 'true',
    'com.df.port': '8080',
    'com.df.servicePath': '/oak/,/oak-r4/',
    'com.df.reqPathSearchReplace': '^/oak[-r0-9]*/,/demo/',
  });
  const canary = { ...service, features: { ...service.features, canary: { of: 'elm', weight: 5 } } };
  expect(labelsOf(canary)).toMatchObject({ 'com.df.canaryOf': 'elm', 'com.df.canaryWeight': '5' });
  expect(labelsOf(canary)).not.toHaveProperty('com.df.servicePath');
  const hostile = { ...service, features: { ...service.features, hostility: 'line break' as const } };
  expect(labelsOf(hostile)['com.df.addReqHeader']).toContain(`\n  server ${INJECTED}`);
});
