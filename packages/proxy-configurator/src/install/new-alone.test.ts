import { expect, test } from '@jest/globals';
import { complaintAbout, reconcileWorld, web } from '../testing/reconcile-world.js';

/** A world in which so many services run; what was checked for them is forgotten. */
async function worldOf(services: number) {
  const world = reconcileWorld();
  for (let i = 0; i < services; i += 1) world.want(web(`s${i}`));
  await world.run();
  world.checked.length = 0;
  return world;
}

const backendsIn = (text = '') => [...text.matchAll(/^backend (\S+)$/gm)].map(([, name]) => name);

test('what is new among many services is checked alone, and the reload finds out about the whole', async () => {
  const world = await worldOf(300);
  world.want(web('new'));
  expect(await world.run()).toBe('reloaded');
  expect(world.checked.map(backendsIn)).toEqual([['new-be80_0']]);
  expect(world.backends()).toHaveLength(301);
});

test.each([
  ['few services', 20, 1],
  ['many of many that are new', 300, 100],
])('with %s all are checked', async (_kind, services, fresh) => {
  const world = await worldOf(services);
  for (let i = 0; i < fresh; i += 1) world.want(web(`new${i}`));
  expect(await world.run()).toBe('reloaded');
  expect(world.checked.map((text) => backendsIn(text).length)).toEqual([services + fresh]);
});

test('a new service that HAProxy does not take alone is rejected with its label, and nothing is reloaded', async () => {
  const world = await worldOf(300);
  const before = world.live;
  world.want(web('new', { backendExtra: 'nonsense' }));
  world.refuses = complaintAbout('nonsense');
  const { reloads } = world;
  await world.run();
  expect(world.store.get('new')?.rejection?.message).toContain('label backendExtra: ');
  expect([world.reloads, world.live]).toEqual([reloads, before]);
});

test('what HAProxy takes alone and not beside the others is rejected after the reload, and the others stay', async () => {
  const world = await worldOf(300);
  const before = world.live;
  world.want(web('new', { timeoutServer: '77' }));
  world.want(web('good'));
  world.refuses = (text) =>
    text.includes('timeout server 77s') && text.includes('backend s0-be80_0')
      ? '[ALERT] (1) : config : out of luck'
      : undefined;
  await world.run();
  expect(world.rejected()).toEqual(['new']);
  expect(world.live).not.toBe(before);
  expect(world.backends()).toHaveLength(301);
  expect(world.backends()).toContain('good-be80_0');
});
