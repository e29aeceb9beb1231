import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { reconcileWorld } from '../testing/reconcile-world.js';
import { STORY_ENDS, tellBackendStory } from '../testing/backend-story.js';
import { createRuntimeBackends } from './runtime-backends.js';

/** What was said to HAProxy 3.4.7, and what it answered; `DF_RECORD=FILE` of the live test beside this one writes it. */
const TRANSCRIPT = path.join(
  process.cwd(),
  'packages/proxy-configurator/test/transcripts/haproxy-3.4.7-backends.json',
);

function runtimeThat(answers: (command: string) => string) {
  const haproxy = { command: (text: string) => Promise.resolve(answers(text)) };
  return createRuntimeBackends({ haproxy, logger: silentLogger() });
}

test('a HAProxy 3.4.7 is told what it was told when its answers were recorded', async () => {
  const recorded = JSON.parse(readFileSync(TRANSCRIPT, 'utf8')) as (readonly [string, string])[];
  const said: string[] = [];
  const runtime = runtimeThat((command) => {
    const [, answer = ''] = recorded[said.length] ?? [];
    said.push(command);
    return answer;
  });
  expect(await tellBackendStory(runtime)).toEqual(STORY_ENDS);
  expect(said).toEqual(recorded.map(([command]) => command));
});

test('a HAProxy that knows no such command is asked once', async () => {
  const said: string[] = [];
  const runtime = runtimeThat((command) => {
    said.push(command);
    return 'The following commands are valid at this level:\n  add server <bk>/<srv> : create a new server\n';
  });
  const backend = { name: 'one', template: 'df-plain', servers: [] };
  expect([await runtime.newBackends([backend]), await runtime.newBackends([backend])]).toEqual([
    false,
    false,
  ]);
  expect(said).toEqual(['help add backend']);
});

const BUSY = '# bkname/svname bkid/svid addr port - used_cur\none/one 1/1 127.0.0.1 80 - 1\n';
const RESTING = BUSY.replace(/1\n$/, '0\n');

test('a backend with a request under way goes later, and not at all when a reload has made it anew', async () => {
  let connections = BUSY;
  const said: string[] = [];
  const runtime = runtimeThat((command) => {
    said.push(command);
    if (command.startsWith('help')) return '  add backend <backend> : add a new backend\n';
    if (command.startsWith('show servers')) return connections;
    if (command.startsWith('add')) return 'New backend registered.\n\nBackend published.\n';
    return 'Backend deleted.\n';
  });
  const old = { name: 'one', servers: ['one'] };
  const other = { name: 'other', template: 'df-plain', servers: [] };
  const removals = () => said.filter((command) => command.includes('del backend one')).length;
  await runtime.oldBackends([old]);
  expect([said[0], removals()]).toEqual(['unpublish backend one', 0]);
  connections = RESTING;
  await runtime.newBackends([other]);
  expect(removals()).toBe(1);
  connections = BUSY;
  await runtime.oldBackends([old]);
  runtime.reloaded();
  connections = RESTING;
  await runtime.newBackends([other]);
  expect(removals()).toBe(1);
});

test('a socket that breaks while old backends are taken away fails nobody', async () => {
  const runtime = runtimeThat(() => {
    throw new Error('gone');
  });
  await expect(runtime.oldBackends([{ name: 'one', servers: [] }])).resolves.toBeUndefined();
});

function web(name: string) {
  return { serviceName: name, servicePath: `/${name}`, port: '80' };
}

describe('a run', () => {
  test('takes a new service without a reload, writes it down, and tells of it', async () => {
    const world = reconcileWorld({}, [3, 4]);
    world.addresses.set('b', ['10.0.0.2']);
    world.want(web('a'));
    expect(await world.run()).toBe('reloaded');
    world.want(web('b'));
    expect(await world.run()).toBe('backends');
    expect([world.reloads, world.backends()]).toEqual([1, ['a-be80_0', 'b-be80_0']]);
    expect(world.commands.some((command) => command.startsWith('add backend b-be80_0 from df-'))).toBe(true);
    world.store.remove('b');
    expect(await world.run()).toBe('backends');
    expect(world.commands).toContain('unpublish backend b-be80_0');
    expect([world.reloads, world.backends()]).toEqual([1, ['a-be80_0']]);
  });

  test('is a reload where HAProxy does not take it', async () => {
    const world = reconcileWorld({}, [3, 4]);
    world.want(web('a'));
    await world.run();
    world.want(web('b'));
    world.commandAnswer = 'Unknown command\n';
    expect(await world.run()).toBe('reloaded');
    expect([world.reloads, world.checks, world.backends()]).toEqual([2, 2, ['a-be80_0', 'b-be80_0']]);
  });
});
