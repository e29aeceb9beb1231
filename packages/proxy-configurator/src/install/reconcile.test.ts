import { describe, expect, test } from '@jest/globals';
import { complaintAbout, reconcileWorld, web } from '../testing/reconcile-world.js';

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

describe('what HAProxy is shown before it loads a change', () => {
  const backendsIn = (text: string | undefined) =>
    [...(text ?? '').matchAll(/^backend (\S+)-be/gm)].map(([, name]) => name);
  const MANY = Array.from({ length: 30 }, (_, i) => `a${i + 10}`);

  async function withMany() {
    const world = reconcileWorld();
    for (const name of MANY) world.want(web(name));
    await world.run();
    world.checked.length = 0;
    return world;
  }

  test('is the change alone', async () => {
    const world = await withMany();
    world.want(web('d'));
    expect(await world.run()).toBe('reloaded');
    expect(world.checked.map(backendsIn)).toEqual([['d']]);
    expect(backendsIn(world.live)).toEqual([...MANY, 'd']);
  });

  test('is the whole when the change is refused: who is to blame, and with what words, is found there', async () => {
    const world = await withMany();
    world.want(web('d', { backendExtra: 'nonsense' }));
    world.refuses = complaintAbout('nonsense');
    await world.run();
    expect(world.checked.map(backendsIn).slice(0, 2)).toEqual([['d'], [...MANY, 'd']]);
    expect(world.store.get('d')?.rejection?.message).toContain('label backendExtra');
    expect(backendsIn(world.live)).toEqual(MANY);
  });

  test('is the whole when a reload was refused that the change had not foretold; the file is what runs meanwhile', async () => {
    const world = await withMany();
    const before = world.live;
    const seen: (string | undefined)[] = [];
    const isBad = (text: string) => text.includes('nonsense') && text.includes('backend a10-be80_0');
    world.refuses = (text) => {
      seen.push(world.live);
      return isBad(text) ? complaintAbout('nonsense')(text) : undefined;
    };
    world.failsToLoad = (text) => (isBad(text) ? 'not that' : undefined);
    world.want(web('d', { backendExtra: 'nonsense' }));
    expect(await world.run()).toBe('unchanged');
    expect(world.reloads).toBe(2);
    expect(seen.every((live) => live === before)).toBe(true);
    expect([world.rejected(), world.live]).toEqual([['d'], before]);
    // Not once more before something was loaded: HAProxy ends workers that have seen too many reloads.
    world.want(web('d', { backendExtra: 'nonsense' }));
    await world.run();
    expect(world.reloads).toBe(2);
    world.want(web('e'));
    await world.run();
    world.want(web('f'));
    await world.run();
    expect(world.checked.map(backendsIn).slice(-2)).toEqual([[...MANY, 'e'], ['f']]);
  });

  test('is the whole after a restart, on demand, and when there is no HAProxy', async () => {
    const world = await withMany();
    await world.run(true);
    world.isRunning = false;
    world.want(web('d'));
    await world.run();
    expect(world.checked.map(backendsIn)).toEqual([MANY, [...MANY, 'd']]);
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
