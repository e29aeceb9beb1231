import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { reconcileWorld, web } from '../testing/reconcile-world.js';

describe('new addresses', () => {
  test('are told to the running HAProxy, and written so that the next reload starts right', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    world.addresses.set('a', ['10.0.0.1']);
    await world.run();
    world.addresses.set('a', ['10.0.0.2']);
    expect(await world.run()).toBe('addresses');
    expect(world.commands).toEqual(['set server a-be80_0/a addr 10.0.0.2 port 80']);
    expect(world.live).toContain('init-addr 10.0.0.2');
    expect(world.reloads).toBe(1);
  });

  test('that HAProxy does not take need a reload', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    world.addresses.set('a', ['10.0.0.1']);
    await world.run();
    world.addresses.set('a', ['10.0.0.2']);
    world.commandAnswer = 'No such server.\n';
    expect(await world.run()).toBe('reloaded');
  });

  test('of up to four tasks need no reload, nor do fewer of them', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    world.addresses.set('a', ['10.0.0.1', '10.0.0.2']);
    await world.run();
    for (const count of [4, 1, 3]) {
      world.addresses.set(
        'a',
        Array.from({ length: count }, (_, i) => `10.0.0.${i + 1}`),
      );
      expect(await world.run()).toBe('addresses');
    }
    expect(world.reloads).toBe(1);
  });
});

describe('more tasks than there are servers', () => {
  const tasks = (count: number) => Array.from({ length: count }, (_, i) => `10.0.0.${i + 1}`);
  const sticky = (more: Parameters = {}) => web('a', { sessionType: 'sticky-server', ...more });

  test('get new ones without a reload, and the file has them too', async () => {
    const world = reconcileWorld();
    world.want(web('a', { slowStart: '9' }));
    world.addresses.set('a', tasks(4));
    await world.run();
    world.addresses.set('a', tasks(6));
    expect(await world.run()).toBe('servers');
    expect(world.commands).toEqual([
      [
        ...['add server a-be80_0/a_4 10.0.0.5:80', 'set server a-be80_0/a_4 state ready'],
        ...['add server a-be80_0/a_5 10.0.0.6:80', 'set server a-be80_0/a_5 state ready'],
        ...['add server a-be80_0/a_6 127.0.0.1:80', 'add server a-be80_0/a_7 127.0.0.1:80'],
      ].join(';'),
    ]);
    expect(world.live).toContain('server a_5 a:80 init-addr 10.0.0.6\n');
    expect(world.live).toContain('server a_7 a:80 init-addr 127.0.0.1 disabled\n');
    expect(world.reloads).toBe(1);
  });

  test.each([
    [[2, 6], 'reloaded'],
    [[3, 0], 'servers'],
  ] as const)('each with a cookie of its own: HAProxy %j is %s', async (version, outcome) => {
    const world = reconcileWorld({}, version);
    world.want(sticky());
    world.addresses.set('tasks.a', tasks(4));
    await world.run();
    world.addresses.set('tasks.a', tasks(5));
    expect(await world.run()).toBe(outcome);
    expect(world.live?.match(/cookie a_[0-9]+/g)).toHaveLength(8);
  });

  test('need a reload where HAProxy does not take one', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    world.addresses.set('a', tasks(4));
    await world.run();
    world.addresses.set('a', tasks(5));
    world.commandAnswer = 'Backend must use a dynamic load balancing to support dynamic servers.\n';
    expect(await world.run()).toBe('reloaded');
    expect(world.live).toContain('server a_4 a:80 init-addr 10.0.0.5\n');
  });

  test('need a reload where the file says something of all servers', async () => {
    const world = reconcileWorld();
    world.want(web('a', { backendExtra: 'default-server maxconn 3' }));
    world.addresses.set('a', tasks(4));
    await world.run();
    world.addresses.set('a', tasks(5));
    expect(await world.run()).toBe('reloaded');
    expect(world.commands).toEqual([]);
  });

  test('need a reload when the service has changed as well', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    world.addresses.set('a', tasks(4));
    await world.run();
    world.want(web('a', { timeoutServer: '7' }));
    world.addresses.set('a', tasks(5));
    expect(await world.run()).toBe('reloaded');
  });

  test('leave no servers behind when they have gone, where HAProxy can remove them', async () => {
    const world = reconcileWorld({}, [3, 2]);
    world.want(sticky());
    world.addresses.set('tasks.a', tasks(12));
    await world.run();
    world.addresses.set('tasks.a', tasks(6));
    expect(await world.run()).toBe('servers');
    expect(world.commands.slice(1)).toEqual([11, 10, 9, 8].map((i) => `del server a-be80_0/a_${i}`));
    expect(world.live?.match(/cookie a_[0-9]+/g)).toHaveLength(8);
    world.addresses.set('tasks.a', tasks(9));
    expect(await world.run()).toBe('servers');
    expect(world.reloads).toBe(1);
  });

  test('stay where HAProxy still needs them, and where it had better not remove any', async () => {
    const world = reconcileWorld({}, [3, 2]);
    world.want(sticky());
    world.addresses.set('tasks.a', tasks(12));
    await world.run();
    world.addresses.set('tasks.a', tasks(1));
    world.commandAnswer = 'Server still has connections attached to it, cannot remove it.\n';
    expect(await world.run()).toBe('addresses');
    expect(world.live?.match(/cookie a_[0-9]+/g)).toHaveLength(12);
    expect(world.commands.filter((one) => one.startsWith('del'))).toHaveLength(1);

    const old = reconcileWorld();
    old.want(sticky());
    old.addresses.set('tasks.a', tasks(12));
    await old.run();
    old.addresses.set('tasks.a', tasks(1));
    expect(await old.run()).toBe('addresses');
    expect(old.commands.filter((one) => one.includes('del server'))).toEqual([]);
  });
});

test('another weight of a canary is told to the running HAProxy, which does not reload', async () => {
  const world = reconcileWorld();
  world.want({ serviceName: 'web', servicePath: '/', port: '80' });
  world.want({ serviceName: 'next', canaryOf: 'web', port: '80', canaryWeight: '5' });
  await world.run();
  world.want({ serviceName: 'next', canaryOf: 'web', port: '80', canaryWeight: '50' });
  expect(await world.run()).toBe('tables');
  expect([world.reloads, world.commands.at(-1)]).toEqual([1, expect.stringMatching(/^set map \S+ web 50$/)]);
});

test('a service that wakes or falls asleep is told to the running HAProxy, which does not reload', async () => {
  const world = reconcileWorld({ SCALER_ADDRESS: 'scaler' });
  const sleeper = { ...web('a'), wakeOnRequest: 'true', replicas: '0' };
  world.want(sleeper);
  await world.run();
  expect(world.live).toContain('lua.df_wake a a-be80_0');
  for (const replicas of ['2', '0']) {
    world.want({ ...sleeper, replicas });
    expect(await world.run()).toBe('tables');
    expect(world.commands.at(-1)).toMatch(new RegExp(`^set map \\S+ a ${replicas}$`));
  }
  expect(world.reloads).toBe(1);
});
