import { describe, expect, test } from '@jest/globals';
import { complaintAbout, reconcileWorld, web } from '../testing/reconcile-world.js';

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

  test('gives way although HAProxy names the service that was there first', async () => {
    const world = reconcileWorld();
    world.want(web('victim', { timeoutServer: '7' }));
    await world.run();
    world.want(web('evil', { backendExtra: 'nonsense' }));
    world.refuses = (text) =>
      text.includes('nonsense') ? complaintAbout('timeout server 7s')(text) : undefined;
    await world.run();
    expect(world.rejected()).toEqual(['evil']);
    expect(world.backends()).toEqual(['victim-be80_0']);
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
