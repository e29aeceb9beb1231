import { expect, test } from '@jest/globals';
import { complaintAbout, reconcileWorld, web } from '../testing/reconcile-world.js';

/** One service runs, and others are told of before their names lead somewhere. */
async function worldWithOne() {
  const world = reconcileWorld();
  world.addresses.set('a', ['10.0.0.1']);
  world.want(web('a'));
  await world.run();
  return world;
}

/** One service runs, and another goes; answers what that took. */
async function outcomeOfGoing(
  world: ReturnType<typeof reconcileWorld>,
  labels: Parameters<typeof web>[1] = {},
) {
  world.want(web('a'));
  world.want(web('b', labels));
  await world.run();
  world.store.remove('b');
  return world.run();
}

async function worldAfterOneHasGone() {
  const world = reconcileWorld();
  await outcomeOfGoing(world);
  return world;
}

const BOTH = ['a-be80_0', 'b-be80_0'];

test('a service that waits has a backend and no route, and gets its route without a reload', async () => {
  const world = await worldWithOne();
  world.wait(web('b'));
  expect(await world.run()).toBe('reloaded');
  expect(world.backends()).toEqual(BOTH);
  expect(world.live).toContain('backend b-be80_0\n    # No route leads here');
  expect(world.live).toContain('server b b:80 init-addr 127.0.0.1 disabled');
  expect(world.live).not.toContain('url_b80_0');
  const { reloads } = world;
  world.addresses.set('b', ['10.0.0.2']);
  world.want(web('b'));
  expect(await world.run()).toBe('tables');
  expect(world.reloads).toBe(reloads);
  expect(world.live).toContain('server b b:80 init-addr 10.0.0.2\n');
  expect(world.live).not.toContain('No route leads here');
  expect(world.live).toContain('url_b80_0');
  const commands = world.commands.join('\n');
  expect(commands).toContain('set server b-be80_0/b addr 10.0.0.2 port 80;set server b-be80_0/b state ready');
  // The server is there before a route leads to it.
  expect(commands.indexOf('set server')).toBeLessThan(commands.indexOf('commit map'));
  expect(world.runs.map(({ services }) => services)).toEqual([['a'], ['b'], ['b']]);
});

test('what such a route says is checked before it stands in the file', async () => {
  const world = await worldWithOne();
  world.wait(web('b'));
  await world.run();
  world.checked.length = 0;
  world.want(web('b'));
  world.refuses = complaintAbout('url_b80_0');
  await world.run();
  expect(world.rejected()).toEqual(['b']);
  expect(world.live).not.toContain('url_b80_0');
  expect(world.checked[0]).not.toContain('backend a-');
});

test('one that is told of again and again is nothing new', async () => {
  const world = await worldWithOne();
  world.wait(web('b'));
  await world.run();
  world.wait(web('b'));
  expect(await world.run()).toBe('unchanged');
});

test('one that goes leaves its backend to the next reload', async () => {
  const world = await worldWithOne();
  world.wait(web('b'));
  await world.run();
  world.store.remove('b');
  expect(await world.run()).toBe('unchanged');
  expect(world.backends()).toEqual(BOTH);
  world.wait(web('c'));
  expect(await world.run()).toBe('reloaded');
  expect(world.backends()).toEqual(['a-be80_0', 'c-be80_0']);
});

test('a service that goes leaves its backend, whose server rests after the route has gone', async () => {
  const world = reconcileWorld();
  world.addresses.set('b', ['10.0.0.2']);
  expect(await outcomeOfGoing(world)).toBe('tables');
  expect([world.reloads, world.backends()]).toEqual([1, BOTH]);
  expect(world.live).toContain('server b b:80 init-addr 127.0.0.1 disabled');
  const commands = world.commands.join('\n');
  expect(commands.indexOf('commit map')).toBeLessThan(commands.indexOf('set server b-be80_0/b state maint'));
  expect([...world.reconciliation.idleBackends()]).toEqual(['b-be80_0']);
  expect(world.runs.at(-1)?.services).toEqual(['b']);
});

test('a service that goes and leads to a fixed address leaves nothing that HAProxy would go on checking', async () => {
  const world = reconcileWorld();
  expect(await outcomeOfGoing(world, { outboundHostname: '10.0.0.5' })).toBe('reloaded');
  expect(world.backends()).toEqual(['a-be80_0']);
});

test('a service that comes back needs no reload, and with other lines it does', async () => {
  const world = await worldAfterOneHasGone();
  world.want(web('b'));
  expect(await world.run()).toBe('tables');
  expect([...world.reconciliation.idleBackends()]).toEqual([]);
  world.store.remove('b');
  await world.run();
  world.want(web('b', { timeoutServer: '77' }));
  expect(await world.run()).toBe('reloaded');
});

test('a reload on demand loads no backend that nothing leads to', async () => {
  const world = await worldAfterOneHasGone();
  expect(await world.run(true)).toBe('reloaded');
  expect(world.backends()).toEqual(['a-be80_0']);
});

test('a service that HAProxy does not take any more leaves nothing behind', async () => {
  const world = reconcileWorld();
  world.want(web('a'));
  world.want(web('b', { timeoutServer: '77' }));
  await world.run();
  world.refuses = complaintAbout('timeout server 77s');
  world.want(web('c'));
  await world.run();
  expect(world.rejected()).toEqual(['b']);
  expect(world.backends()).toEqual(['a-be80_0', 'c-be80_0']);
});

test('a backend that HAProxy can remove while it runs is removed', async () => {
  const world = reconcileWorld({}, [3, 4]);
  expect(await outcomeOfGoing(world)).toBe('backends');
  expect(world.backends()).toEqual(['a-be80_0']);
});

test('one that HAProxy does not take is left out once, without a word about others', async () => {
  const world = await worldWithOne();
  world.refuses = complaintAbout('nonsense');
  world.wait(web('b', { backendExtra: 'nonsense' }));
  world.wait(web('c'));
  expect(await world.run()).toBe('reloaded');
  expect(world.backends()).toEqual(['a-be80_0', 'c-be80_0']);
  expect(world.store.get('b')?.rejection?.message).toBe('leads nowhere');
  const { checks } = world;
  expect(await world.run()).toBe('unchanged');
  world.wait(web('b', { backendExtra: 'nonsense' }));
  expect(await world.run()).toBe('unchanged');
  expect(world.checks).toBe(checks);
  world.wait(web('b', { backendExtra: 'option forwardfor' }));
  expect(await world.run()).toBe('reloaded');
  expect(world.backends()).toContain('b-be80_0');
});

test('where HAProxy does not say who is wrong, those that wait are left out first', async () => {
  const world = await worldWithOne();
  world.refuses = (text) => (text.includes('backend b-') ? '[ALERT] (1) : config : out of luck' : undefined);
  world.wait(web('b'));
  world.want(web('c'));
  expect(await world.run()).toBe('reloaded');
  expect(world.backends()).toEqual(['a-be80_0', 'c-be80_0']);
  expect(world.store.get('c')?.live).toBeDefined();
});

test('a new service that is wrong is rejected, and those that wait have their backends', async () => {
  const world = await worldWithOne();
  world.refuses = complaintAbout('nonsense');
  world.wait(web('b'));
  world.want(web('c', { backendExtra: 'nonsense' }));
  expect(await world.run()).toBe('reloaded');
  expect(world.backends()).toEqual(BOTH);
  expect(world.store.get('c')?.rejection?.kind).toBe('haproxy');
});

test('a reload that fails although all was checked leaves them out, and is tried again', async () => {
  const world = await worldWithOne();
  world.wait(web('b'));
  world.reloadResult = { ok: false, output: '', reason: 'no new worker' };
  expect(await world.run()).toBe('unchanged');
  expect(world.backends()).toEqual(['a-be80_0']);
});

test('they take no name from services that run', async () => {
  const world = reconcileWorld();
  world.want(web('shop', { aclName: 'web' }));
  await world.run();
  world.wait(web('web'));
  await world.run();
  expect(world.backends()).toEqual(['web-be80_0', 'web-be80_0-web']);
});
