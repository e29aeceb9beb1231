import { describe, expect, test } from '@jest/globals';
import { reconcileWorld, web } from '../testing/reconcile-world.js';

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

test('a HAProxy that has ended is started again with the same text', async () => {
  const world = reconcileWorld();
  world.want(web('a'));
  await world.run();
  world.isRunning = false;
  expect(await world.run()).toBe('reloaded');
});

test('what is on disk can be run as it is, if HAProxy takes it', async () => {
  const world = reconcileWorld();
  expect(await world.reconciliation.reloadFromDisk()).toBe(false);
  expect(world.reloads).toBe(0);
  await world.run();
  expect(await world.reconciliation.reloadFromDisk()).toBe(true);
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

test('when a life has ended within a reload that HAProxy refused, the configuration before runs again', async () => {
  const world = reconcileWorld();
  world.live = 'global\n  bad\n';
  world.previous = 'global\n  good\n';
  world.refuses = (text) => (text.includes('bad') ? '[ALERT] (1) : config : bad' : undefined);
  await world.reconciliation.resume();
  expect([world.reloads, world.live]).toEqual([1, 'global\n  good\n']);
});
