import { afterEach, expect, test } from '@jest/globals';
import { connectDocker } from '@docker-flow/docker/connection';
import { parseDockerEndpoint } from '@docker-flow/docker/endpoint';
import { startFakeDockerEngine, type FakeDockerEngine } from '@docker-flow/testkit';
import { createDockerSwarm } from '../adapters/docker.js';
import type { Direction, ScaleRequest } from '../core/scaling/scale-request.js';
import { scaleService } from '../services/scale-service.js';
import { until } from '../testing/until.js';
import { createWorld, type World } from '../testing/world.js';

/** Redeploys and deliberate changes on an engine that speaks Docker's protocol, events included. */

interface Running {
  readonly engine: FakeDockerEngine;
  readonly world: World;
  readonly scaleUp: (service: string, to: number) => Promise<void>;
  /** A request for one step; answers its message. */
  readonly step: (service: string, direction: Direction) => Promise<string>;
  readonly stop: () => Promise<unknown>;
}

const running: Running[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) {
    await one.stop();
    await one.engine.close();
  }
});

/** Our clock and the engine's are the same one. */
const clock = {
  get nowMs() {
    return Date.now();
  },
};

async function start(environment: Readonly<Record<string, string>> = {}): Promise<Running> {
  const engine = await startFakeDockerEngine();
  const connection = connectDocker(parseDockerEndpoint(engine.dockerHost), {
    silenceMs: 5_000,
    answerMs: 5_000,
  });
  const docker = createDockerSwarm({ connection });
  const world = createWorld({ environment, docker, clock });
  const watch = world.actors.find(({ name }) => name === 'watch');
  const controller = new AbortController();
  const ended = watch?.run(controller.signal);
  await until(() => engine.openEventStreams() > 0);
  async function scale(service: string, request: ScaleRequest): Promise<string> {
    const options = { service, request, dryRun: false, group: undefined };
    return (await scaleService(options, world.scaling)).message;
  }
  const one: Running = {
    engine,
    world,
    scaleUp: async (service, count) => {
      await scale(service, { kind: 'target', count });
    },
    step: (service, direction) => scale(service, { kind: 'step', direction, by: undefined }),
    async stop() {
      controller.abort();
      await ended;
    },
  };
  running.push(one);
  return one;
}

const labels = { 'com.docker.stack.namespace': 'go-demo', 'com.df.scaleMin': '2', 'com.df.scaleMax': '6' };

function create(
  engine: FakeDockerEngine,
  name: string,
  replicas: number,
  more: Record<string, string> = {},
): void {
  engine.createService({
    Name: name,
    Labels: { ...labels, ...more },
    Mode: { Replicated: { Replicas: replicas } },
    TaskTemplate: { ContainerSpec: { Image: 'go-demo:1' } },
  });
}

/** As `docker stack deploy` of a file: every service of the stack is written, whether it changes or not. */
function deploy(engine: FakeDockerEngine, file: Readonly<Record<string, number>>, image = 'go-demo:1'): void {
  for (const [name, replicas] of Object.entries(file)) {
    engine.changeService(name, {
      Mode: { Replicated: { Replicas: replicas } },
      TaskTemplate: { ContainerSpec: { Image: image } },
    });
  }
}

function replicasOf(engine: FakeDockerEngine, name: string): number | undefined {
  return engine.service(name)?.Spec.Mode?.Replicated?.Replicas;
}

test('a redeploy of an unchanged file is undone, and told', async () => {
  const { engine, world, scaleUp } = await start();
  create(engine, 'go-demo_main', 3);
  create(engine, 'go-demo_db', 2);
  await scaleUp('go-demo_main', 5);
  deploy(engine, { 'go-demo_main': 3, 'go-demo_db': 2 });
  await until(() => replicasOf(engine, 'go-demo_main') === 5);
  await until(() => world.messages.length > 0);
  expect(world.messages).toEqual(['go-demo_main was scaled from 3 to 5 replicas: restored after a deploy']);
  expect(world.state.activities().at(-1)).toMatchObject({ outcome: 'restored', from: 3, to: 5 });
});

test('a redeploy with a new image is undone at once, also for two services and in a stack of one', async () => {
  const { engine, scaleUp } = await start();
  create(engine, 'go-demo_main', 3);
  create(engine, 'go-demo_db', 2);
  await scaleUp('go-demo_main', 5);
  await scaleUp('go-demo_db', 4);
  deploy(engine, { 'go-demo_main': 3, 'go-demo_db': 2 }, 'go-demo:2');
  await until(() => replicasOf(engine, 'go-demo_main') === 5 && replicasOf(engine, 'go-demo_db') === 4);
  create(engine, 'single_one', 2, { 'com.docker.stack.namespace': 'single' });
  await scaleUp('single_one', 3);
  deploy(engine, { single_one: 2 });
  await until(() => replicasOf(engine, 'single_one') === 3);
});

test('what is restored stays inside the bounds that the deploy brought', async () => {
  const { engine, scaleUp } = await start();
  create(engine, 'go-demo_main', 3);
  await scaleUp('go-demo_main', 6);
  engine.changeService('go-demo_main', {
    Labels: { ...labels, 'com.df.scaleMax': '4' },
    Mode: { Replicated: { Replicas: 3 } },
  });
  await until(() => replicasOf(engine, 'go-demo_main') === 4);
});

test('a rollout that may have to be rolled back is waited for', async () => {
  const { engine, scaleUp, world } = await start();
  create(engine, 'go-demo_main', 3);
  await scaleUp('go-demo_main', 5);
  engine.changeService('go-demo_main', {
    UpdateConfig: { FailureAction: 'rollback' },
    TaskTemplate: { ContainerSpec: { Image: 'go-demo:2' } },
    Mode: { Replicated: { Replicas: 3 } },
  });
  engine.setUpdateStatus('go-demo_main', 'updating');
  const id = engine.service('go-demo_main')?.ID ?? '';
  await expect(world.check(id)).resolves.toMatchObject({ kind: 'again' });
  expect(replicasOf(engine, 'go-demo_main')).toBe(3);
  engine.setUpdateStatus('go-demo_main', 'completed');
  await until(() => world.state.activities().at(-1)?.outcome === 'restored');
  expect(replicasOf(engine, 'go-demo_main')).toBe(5);
});

test('a step that comes before a deploy is undone starts from the restored count', async () => {
  const { engine, world, step, scaleUp } = await start();
  create(engine, 'go-demo_main', 2);
  await scaleUp('go-demo_main', 5);
  deploy(engine, { 'go-demo_main': 2 }, 'go-demo:2');
  await expect(step('go-demo_main', 'up')).resolves.toContain('from 5 to 6 replicas');
  expect(world.state.activities()).toMatchObject([{ outcome: 'restored', from: 2, to: 5 }]);
});

test('while a rollout is waited for, a step up restores first, and a step down changes nothing', async () => {
  const { engine, step, scaleUp } = await start();
  create(engine, 'go-demo_main', 2);
  await scaleUp('go-demo_main', 5);
  engine.changeService('go-demo_main', {
    UpdateConfig: { FailureAction: 'rollback' },
    TaskTemplate: { ContainerSpec: { Image: 'go-demo:2' } },
    Mode: { Replicated: { Replicas: 3 } },
  });
  engine.setUpdateStatus('go-demo_main', 'updating');
  await expect(step('go-demo_main', 'down')).resolves.toContain('stays at 3 replicas');
  await expect(step('go-demo_main', 'up')).resolves.toContain('from 5 to 6 replicas');
});

test('a step after somebody has scaled on purpose starts from their count', async () => {
  const { engine, step, scaleUp } = await start();
  create(engine, 'single_one', 2, { 'com.docker.stack.namespace': 'single' });
  await scaleUp('single_one', 5);
  engine.changeService('single_one', { Mode: { Replicated: { Replicas: 3 } } });
  await expect(step('single_one', 'up')).resolves.toContain('from 3 to 4 replicas');
});

test('a deliberate change outside of a stack, or to another count in a stack of one, is left alone', async () => {
  const { engine, world, scaleUp } = await start();
  create(engine, 'single_one', 2, { 'com.docker.stack.namespace': 'single' });
  await scaleUp('single_one', 4);
  engine.changeService('single_one', { Mode: { Replicated: { Replicas: 3 } } });
  await until(() => world.state.activities().at(-1)?.outcome === 'noticed');
  expect(replicasOf(engine, 'single_one')).toBe(3);
});

test.each([{ 'com.df.scaleRestore': 'false' }, { 'com.df.scalePaused': 'true' }])(
  'with %j a deploy is left alone',
  async (label) => {
    const { engine, world, scaleUp } = await start();
    create(engine, 'go-demo_main', 3);
    await scaleUp('go-demo_main', 5);
    engine.changeService('go-demo_main', {
      Labels: { ...labels, ...label },
      Mode: { Replicated: { Replicas: 3 } },
    });
    await until(() => world.state.activities().at(-1)?.outcome === 'noticed');
    expect(replicasOf(engine, 'go-demo_main')).toBe(3);
  },
);

test('without events, regular lists find the reset', async () => {
  const { engine, scaleUp } = await start({ SAMPLE_INTERVAL: '1' });
  create(engine, 'go-demo_main', 3);
  await scaleUp('go-demo_main', 5);
  engine.muteEvents(true);
  deploy(engine, { 'go-demo_main': 3 }, 'go-demo:2');
  await until(() => replicasOf(engine, 'go-demo_main') === 5);
});

test('a service that is removed is forgotten', async () => {
  const { engine, world, scaleUp } = await start();
  create(engine, 'go-demo_main', 3);
  await scaleUp('go-demo_main', 5);
  expect(world.state.memories()).toHaveLength(1);
  engine.removeService('go-demo_main');
  await until(() => world.state.memories().length === 0);
});
