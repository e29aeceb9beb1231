import { afterEach, describe, expect, test } from '@jest/globals';
import { ConflictError } from '@docker-flow/daemon/errors';
import { connectDocker } from '@docker-flow/docker/connection';
import { parseDockerEndpoint } from '@docker-flow/docker/endpoint';
import { startFakeDockerEngine, type FakeDockerEngine } from '@docker-flow/testkit';
import { replaceValue } from '@docker-flow/docker/objects/spec-text';
import { DockerError, type Swarm } from '../ports.js';
import { createFakeSwarm } from '../testing/swarm.fake.js';
import { until } from '../testing/until.js';
import { createDockerSwarm } from './docker.js';

/** The same expectations for the Swarm in memory and for the real adapter over Docker's protocol. */

interface Setting {
  readonly swarm: Swarm;
  readonly addService: (name: string, replicas: number, labels?: Record<string, string>) => string;
  readonly scaleByHand: (name: string, replicas: number) => void;
}

const engines: FakeDockerEngine[] = [];

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

function inMemory(): Promise<Setting> {
  const swarm = createFakeSwarm();
  return Promise.resolve({
    swarm,
    addService(name, replicas, labels) {
      swarm.add({ name, replicas, ...(labels ? { labels } : {}) });
      return `id-${name}`;
    },
    scaleByHand: (name, replicas) => swarm.scaleByHand(name, replicas),
  });
}

async function overHttp(): Promise<Setting & { readonly engine: FakeDockerEngine }> {
  const engine = await startFakeDockerEngine();
  engines.push(engine);
  const connection = connectDocker(parseDockerEndpoint(engine.dockerHost), {
    silenceMs: 5_000,
    answerMs: 5_000,
  });
  return {
    engine,
    swarm: createDockerSwarm({ connection }),
    addService: (name, replicas, labels = {}) =>
      engine.createService({
        Name: name,
        Labels: labels,
        Mode: { Replicated: { Replicas: replicas } },
        TaskTemplate: { ContainerSpec: { Image: 'x' } },
      }).ID,
    scaleByHand: (name, replicas) =>
      engine.changeService(name, { Mode: { Replicated: { Replicas: replicas } } }),
  };
}

describe.each([
  ['in memory', inMemory],
  ['over Docker’s protocol', overHttp],
])('a Swarm %s', (_name, start: () => Promise<Setting>) => {
  test('a service is found by name and by id', async () => {
    const { swarm, addService } = await start();
    const id = addService('web', 3, { 'com.docker.stack.namespace': 'shop' });
    const byName = await swarm.inspectService('web');
    expect(byName).toMatchObject({ id, name: 'web', mode: 'replicated', replicas: 3, stack: 'shop' });
    expect(byName.changedOtherParts).toBe(true);
    expect((await swarm.inspectService(id)).specText).toBe(byName.specText);
  });

  test.each(['nope', '', '..', 'a/b?c'])('there is no service %j', async (name) => {
    const { swarm } = await start();
    await expect(swarm.inspectService(name)).rejects.toThrow(`Error: No such service: ${name}`);
  });

  test('an update goes over the version that was read, and only over that', async () => {
    const { swarm, addService } = await start();
    addService('web', 3);
    const read = await swarm.inspectService('web');
    const text = replaceValue(read.specText, ['Mode', 'Replicated', 'Replicas'], '5') ?? '';
    await swarm.updateService(read, text);
    await expect(swarm.inspectService('web')).resolves.toMatchObject({
      replicas: 5,
      previousReplicas: 3,
      changedOtherParts: false,
      specText: text,
    });
    await expect(swarm.updateService(read, text)).rejects.toThrow(ConflictError);
  });

  test('what somebody else scaled is seen as a change of nothing but the count', async () => {
    const { swarm, addService, scaleByHand } = await start();
    addService('web', 3);
    scaleByHand('web', 4);
    const service = await swarm.inspectService('web');
    expect([service.replicas, service.previousReplicas, service.changedOtherParts]).toEqual([4, 3, false]);
  });

  test('lists can be chosen by label and tell how many tasks run', async () => {
    const { swarm, addService } = await start();
    addService('web', 3, { 'com.df.reschedule': 'true' });
    addService('api', 1, { 'com.df.reschedule': 'false' });
    const all = await swarm.listServices();
    expect(all.map(({ name, runningTasks }) => [name, runningTasks]).sort()).toEqual([
      ['api', 1],
      ['web', 3],
    ]);
    expect((await swarm.listServices('com.df.reschedule=true')).map(({ name }) => name)).toEqual(['web']);
    expect(await swarm.listServices('com.df.reschedule')).toHaveLength(2);
  });
});

test('only ready nodes of the role count', async () => {
  const { engine, swarm } = await overHttp();
  engine.addNode({ role: 'worker', state: 'ready', availability: 'drain' });
  engine.addNode({ role: 'worker', state: 'down' });
  expect([await swarm.countReadyNodes('worker'), await swarm.countReadyNodes('manager')]).toEqual([1, 1]);
});

test('tasks that have ended are told, too, and nodes by their names', async () => {
  const { engine, swarm, addService } = await overHttp();
  const id = addService('web', 1);
  const [first] = engine.tasks(id);
  engine.setTaskState(first?.ID ?? '', 'failed', 'shutdown');
  engine.addTask(id, { Slot: 1, Status: { State: 'pending', Err: 'no suitable node' } });
  const tasks = await swarm.listTaskHistory(id);
  expect(tasks).toEqual([
    expect.objectContaining({ slot: 1, state: 'failed', desiredState: 'shutdown', nodeId: first?.NodeID }),
    expect.objectContaining({ slot: 1, state: 'pending', error: 'no suitable node' }),
  ]);
  expect((await swarm.nodeNames()).get(first?.NodeID ?? '')).toBe('node-1');
});

test('Docker’s own message is passed on, without its wrapping', async () => {
  const { engine, swarm, addService } = await overHttp();
  addService('web', 3);
  const service = await swarm.inspectService('web');
  engine.fault({ method: 'POST', path: /update$/, status: 500, message: 'boom' });
  await expect(swarm.updateService(service, service.specText)).rejects.toThrow(
    /^Error response from daemon: boom$/,
  );
});

test('an update carries the registry’s credentials of the spec', async () => {
  const { engine, swarm, addService } = await overHttp();
  const id = addService('web', 3);
  const service = await swarm.inspectService('web');
  await swarm.updateService(service, service.specText);
  expect(engine.calls.at(-1)).toEqual({
    method: 'POST',
    path: `/services/${id}/update`,
    query: `registryAuthFrom=spec&version=${service.version}`,
  });
});

test('an engine that is away is said to be away', async () => {
  const { engine, swarm } = await overHttp();
  await engine.crash();
  await expect(swarm.checkManager()).rejects.toThrow(/^Cannot connect to the Docker daemon at http/);
});

test('changes of services arrive as events', async () => {
  const { engine, swarm, addService } = await overHttp();
  const stop = new AbortController();
  const seen: string[] = [];
  const watching = swarm.watchServices(({ id, action }) => seen.push(`${action} ${id}`), stop.signal);
  await until(() => engine.openEventStreams() > 0);
  const id = addService('web', 1);
  engine.removeService('web');
  await until(() => seen.length === 2);
  stop.abort();
  await expect(watching).rejects.toThrow(DockerError);
  expect(seen).toEqual([`create ${id}`, `remove ${id}`]);
});
