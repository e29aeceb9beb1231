import { describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { complaintAbout, reconcileWorld } from '../testing/reconcile-world.js';

function web(name: string, more: Parameters = {}): Parameters {
  return { serviceName: name, servicePath: `/${name}`, port: '80', ...more };
}

test('the first configuration is checked, placed and run; the same again is nothing', async () => {
  const world = reconcileWorld();
  world.want(web('a'));
  expect(await world.run()).toBe('reloaded');
  expect(await world.run()).toBe('unchanged');
  expect([world.reloads, world.checks]).toEqual([1, 1]);
  expect(world.runs.map(({ reason, services }) => [reason, services])).toEqual([
    ['start', ['a']],
    ['other', []],
  ]);
});

describe('a service HAProxy refuses', () => {
  test('is rejected with the reason, and the others are live', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    world.want(web('b', { backendExtra: 'nonsense' }));
    world.refuses = complaintAbout('nonsense');
    expect(await world.run()).toBe('reloaded');
    expect(world.backends()).toEqual(['a-be80_0']);
    expect(world.store.get('b')?.rejection).toMatchObject({
      kind: 'haproxy',
      status: 500,
      message: expect.stringContaining('Config validation failed: label backendExtra: parsing [haproxy.cfg'),
    });
  });

  test('keeps the version of it that runs, without a reload for others who did not change', async () => {
    const world = reconcileWorld();
    const good = world.want(web('b', { timeoutServer: '7' }));
    await world.run();
    world.want(web('b', { backendExtra: 'nonsense' }));
    world.refuses = complaintAbout('nonsense');
    expect(await world.run()).toBe('unchanged');
    expect(world.store.get('b')?.live).toBe(good);
    expect(world.live).toContain('timeout server 7s');
  });

  test('is found among many new ones when HAProxy names nobody', async () => {
    const world = reconcileWorld();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) world.want(web(name));
    world.want(web('evil', { backendExtra: 'nonsense' }));
    world.refuses = (text) => (text.includes('nonsense') ? '[ALERT] (1) : config : out of luck' : undefined);
    await world.run();
    expect(world.rejected()).toEqual(['evil']);
    expect(world.backends()).toHaveLength(7);
  });

  test('is tried again when it comes with other labels', async () => {
    const world = reconcileWorld();
    world.want(web('b', { backendExtra: 'nonsense' }));
    world.refuses = complaintAbout('nonsense');
    await world.run();
    world.want(web('b'));
    expect(await world.run()).toBe('reloaded');
    expect([world.rejected(), world.backends()]).toEqual([[], ['b-be80_0']]);
  });
});

test('when no service is at fault what runs stays, and the file is what runs', async () => {
  const world = reconcileWorld();
  world.want(web('a'));
  await world.run();
  const before = world.live;
  world.refuses = () => '[ALERT] (1) : config : out of memory';
  await expect(world.run(true)).rejects.toThrow('out of memory');
  expect(world.live).toBe(before);
});

describe('a reload that fails although the file was checked', () => {
  const failed = { ok: false, output: '', reason: 'no new worker' } as const;

  test('puts the file back and is tried again', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    await world.run();
    const before = world.live;
    world.reloadResult = failed;
    await expect(world.run(true)).rejects.toThrow('HAProxy could not be reloaded: no new worker');
    expect(world.live).toBe(before);
    world.reloadResult = { ok: true, pid: 2 };
    expect(await world.run(true)).toBe('reloaded');
  });

  test('rejects the new services', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    await world.run();
    world.want(web('b'));
    world.reloadResult = { ...failed, output: '[ALERT] (1) : config : out of luck' };
    await world.run();
    expect(world.rejected()).toEqual(['b']);
    expect(world.backends()).toEqual(['a-be80_0']);
  });
});

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

describe('certificates', () => {
  const a = { path: '/certs/a', version: '1' };

  test('that were renewed are told to the running HAProxy', async () => {
    const world = reconcileWorld();
    world.certificates = [a];
    await world.run();
    world.certificates = [
      { ...a, version: '2' },
      { path: '/certs/b', version: '1' },
    ];
    world.commandAnswer = 'Success!\n';
    expect(await world.run()).toBe('certificates');
    expect(world.commands.map((command) => command.split('\n')[0])).toEqual([
      'set ssl cert /certs/a <<',
      'commit ssl cert /certs/a',
      'new ssl cert /certs/b',
      'set ssl cert /certs/b <<',
      'commit ssl cert /certs/b',
      'add ssl crt-list /nowhere/cfg/crt-list.txt /certs/b',
    ]);
  });

  test('that HAProxy does not take at run time, or that go away, need a reload', async () => {
    const world = reconcileWorld();
    world.certificates = [a];
    await world.run();
    world.certificates = [{ ...a, version: '2' }];
    world.commandAnswer = 'unable to load certificate\n';
    expect(await world.run()).toBe('reloaded');
    world.certificates = [];
    expect(await world.run()).toBe('reloaded');
  });

  test('that HAProxy does not take are left out, and no service is rejected', async () => {
    const world = reconcileWorld();
    world.want(web('a'));
    world.certificates = [a, { path: '/certs/weak', version: '1' }];
    let isListed = true;
    world.refuses = () =>
      isListed ? "[ALERT] (1) : config : unable to load SSL certificate '/certs/weak'." : undefined;
    world.leaveOut = (complaints) => {
      expect(complaints).toEqual(["unable to load SSL certificate '/certs/weak'."]);
      isListed = false;
      return true;
    };
    expect(await world.run()).toBe('reloaded');
    expect([world.rejected(), world.backends()]).toEqual([[], ['a-be80_0']]);
  });

  test('of labels that HAProxy does not take are rejected with their service, and no other one', async () => {
    const world = reconcileWorld();
    world.want(web('a', { serviceCert: 'good' }));
    world.want(web('b', { serviceCert: 'weak' }));
    world.refuses = () =>
      world.labels.has('b')
        ? "[ALERT] (1) : config : bind : unable to load SSL certificate '/labels/weak'."
        : undefined;
    await world.run();
    expect(world.store.get('b')?.rejection).toMatchObject({
      kind: 'certificate',
      status: 400,
      message: expect.stringContaining('label serviceCert'),
    });
    expect([world.rejected(), world.backends(), [...world.labels.keys()]]).toEqual([
      ['b'],
      ['a-be80_0'],
      ['a'],
    ]);
  });

  test('that HAProxy does not take at run time are checked before they are loaded', async () => {
    const world = reconcileWorld();
    world.certificates = [a];
    await world.run();
    const { checks } = world;
    world.certificates = [a, { path: '/certs/weak', version: '1' }];
    world.commandAnswer = 'unable to load certificate\n';
    await world.run();
    expect(world.checks).toBe(checks + 1);
  });
});

describe('an entry port', () => {
  const tcp = (name: string) => ({ serviceName: name, reqMode: 'tcp', srcPort: '9000', port: '80' });

  test('that another program holds never reaches HAProxy', async () => {
    const world = reconcileWorld();
    world.takenPorts.add(9000);
    world.want(tcp('a'));
    await world.run();
    expect(world.rejected()).toEqual(['a']);
    expect(world.live).not.toContain('9000');
  });

  test('that is a default port can go from the http services to a tcp service', async () => {
    const world = reconcileWorld({ DEFAULT_PORTS: '9000' });
    await world.run();
    world.takenPorts.add(9000);
    world.want(tcp('a'));
    await world.run();
    expect(world.rejected()).toEqual([]);
  });

  test('that the configuration of the last run has opened is ours after a restart', async () => {
    const world = reconcileWorld();
    world.live = 'frontend tcpFE_9000\n    bind *:9000\n';
    await world.reconciliation.resume();
    world.takenPorts.add(9000);
    world.want(tcp('a'));
    await world.run();
    expect(world.rejected()).toEqual([]);
  });

  test('that is ours already stays ours', async () => {
    const world = reconcileWorld();
    world.want(tcp('a'));
    await world.run();
    world.takenPorts.add(9000);
    world.want(tcp('b'));
    await world.run();
    expect(world.rejected()).toEqual([]);
  });
});

test('a HAProxy that has ended is started again with the same text', async () => {
  const world = reconcileWorld();
  world.want(web('a'));
  await world.run();
  world.isRunning = false;
  expect(await world.run()).toBe('reloaded');
});

test('what is on disk can be run as it is, if HAProxy takes it', async () => {
  const world = reconcileWorld();
  await world.run();
  await world.reconciliation.reloadFromDisk();
  expect(world.reloads).toBe(2);
  world.refuses = () => '[ALERT] (1) : config : bad';
  await expect(world.reconciliation.reloadFromDisk()).rejects.toThrow('Config validation failed: bad');
});

test('an earlier configuration is run again only if HAProxy takes it', async () => {
  const world = reconcileWorld();
  await world.reconciliation.resume();
  expect(world.reloads).toBe(0);
  world.live = 'global\n';
  await world.reconciliation.resume();
  expect(world.reloads).toBe(1);
  world.refuses = () => '[ALERT] (1) : config : bad';
  await world.reconciliation.resume();
  expect(world.reloads).toBe(1);
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

test('of two canaries the second is set aside, and comes when the first goes', async () => {
  const world = reconcileWorld();
  world.want({ serviceName: 'web', servicePath: '/', port: '80' });
  world.want({ serviceName: 'other', canaryOf: 'web', port: '80' });
  await world.run();
  world.want({ serviceName: 'next', canaryOf: 'web', port: '80' });
  await world.run();
  expect([world.rejected(), world.backends()]).toEqual([['other'], ['web-be80_0', 'next-be80_0']]);
  world.store.remove('next');
  await world.run();
  expect([world.rejected(), world.backends()]).toEqual([[], ['web-be80_0', 'other-be80_0']]);
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
