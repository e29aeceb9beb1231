import { describe, expect, test } from '@jest/globals';
import { reconcileWorld, web } from '../testing/reconcile-world.js';

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
