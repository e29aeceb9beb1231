import { afterEach, expect, test } from '@jest/globals';
import { connectDocker } from '@docker-flow/docker/connection';
import { parseDockerEndpoint } from '@docker-flow/docker/endpoint';
import { startFakeDockerEngine, type FakeDockerEngine } from '@docker-flow/testkit';
import type { Docker } from '../ports.js';
import { createDocker } from './docker.js';

const engines: FakeDockerEngine[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

async function start(nodes: number): Promise<{ readonly engine: FakeDockerEngine; readonly docker: Docker }> {
  const engine = await startFakeDockerEngine({ nodes });
  engines.push(engine);
  const docker = createDocker({
    connection: connectDocker(parseDockerEndpoint(engine.dockerHost), { silenceMs: 5_000, answerMs: 5_000 }),
    notifyKey: 'com.df.notify',
    isKeptLabel: (label) => label.startsWith('com.df.'),
  });
  return { engine, docker };
}

test('lists, single objects and what is not there', async () => {
  const { engine, docker } = await start(2);
  const { ID: id } = engine.createService({
    Name: 'web',
    Labels: { 'com.df.notify': 'x', other: 'y' },
    Mode: { Global: {} },
  });
  engine.createService({ Name: 'other' });
  const labels = { 'com.df.notify': 'x' };
  expect(await docker.listServices()).toMatchObject([{ name: 'web' }]);
  expect(await docker.inspectService(id)).toMatchObject({ name: 'web', mode: 'global', labels });
  expect(await docker.inspectService('gone')).toBeUndefined();
  expect(await docker.inspectNode('gone')).toBeUndefined();
  expect(await docker.listNodes()).toHaveLength(2);
  expect(await docker.listTasks({ which: 'serving', serviceIds: [id] })).toHaveLength(2);
  expect(await docker.listTasks({ which: 'newest' })).toHaveLength(2);
  // What did not change is the same object, so that nobody need look at it again.
  const [before] = await docker.listServices();
  expect((await docker.listServices())[0]).toBe(before);
});

test('events say which service or node to look at', async () => {
  const { engine, docker } = await start(1);
  const stop = new AbortController();
  const seen: unknown[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    const onOpen = () => {
      const { ID: id } = engine.createService({ Name: 'web' });
      engine.removeService(id);
    };
    const onEvent = (event: unknown) => {
      seen.push(event);
      if (seen.length === 2) resolve();
    };
    docker.follow('service', { onOpen, onEvent }, stop.signal).catch(reject);
  });
  await ended;
  stop.abort();
  expect(seen).toEqual([
    expect.objectContaining({ name: 'web', removed: false }),
    expect.objectContaining({ name: 'web', removed: true }),
  ]);
});
