import { afterEach, expect, jest, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { connectDocker } from '@docker-flow/docker/connection';
import { parseDockerEndpoint } from '@docker-flow/docker/endpoint';
import { startFakeDockerEngine, type FakeDockerEngine } from '@docker-flow/testkit';
import type { Direction } from '../core/count-change.js';
import { createDockerSwarm } from '../adapters/docker.js';
import { createScalerMetrics } from '../metrics.js';
import { tellLook } from '../report/report-restore.js';
import { createJudging, createRestoreFirst, type LookResult, type RestoreParts } from './restore-service.js';
import { scaleService } from '../services/scale-service.js';
import { createServiceList } from '../services/service-list.js';
import { createWatch } from './watch-services.js';
import { until } from '../testing/until.js';
import { createWorld } from '../testing/world.js';
import { Registry } from 'prom-client';

/** Redeploys and deliberate changes on an engine that speaks Docker's protocol, events included. */

interface Running {
  readonly engine: FakeDockerEngine;
  readonly world: ReturnType<typeof createWorld>;
  readonly scaleUp: (service: string, to: number) => Promise<void>;
  /** A request for one step; answers its message. */
  readonly step: (service: string, direction: Direction) => Promise<string>;
  readonly stop: () => Promise<unknown>;
}

jest.setTimeout(30_000);

const running: Running[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) {
    await one.stop();
    await one.engine.close();
  }
});

async function start(intervalMs = 60_000): Promise<Running> {
  const engine = await startFakeDockerEngine();
  const connection = connectDocker(parseDockerEndpoint(engine.dockerHost), { timeoutMs: 5_000 });
  const swarm = createDockerSwarm({ docker: connection.docker, description: connection.description });
  const world = createWorld();
  const { state, config, telling } = world;
  const now = () => Date.now();
  const { queue } = world.scaling;
  const restore: RestoreParts = {
    swarm,
    state,
    queue,
    config: config.scaling,
    judging: createJudging(),
    now,
  };
  const onLook = (result: LookResult) => tellLook(result, telling);
  const scaling = { ...world.scaling, swarm, now, restoreFirst: createRestoreFirst(restore, onLook) };
  const metrics = createScalerMetrics(new Registry());
  const list = createServiceList({ swarm, state, metrics, config: config.scaling, now });
  const watch = createWatch({
    swarm,
    state,
    restore,
    list,
    logger: silentLogger(),
    intervalMs,
    isBusy: () => false,
    onLook,
  });
  const controller = new AbortController();
  const ended = watch.actor.run(controller.signal);
  await until(() => engine.openEventStreams() > 0);
  const one: Running = {
    engine,
    world,
    scaleUp: async (service, count) => {
      const ask = { kind: 'target', count } as const;
      await scaleService({ service, ask, dryRun: false, groupKey: undefined }, scaling);
    },
    step: async (service, direction) => {
      const ask = { kind: 'step', direction, by: undefined } as const;
      return (await scaleService({ service, ask, dryRun: false, groupKey: undefined }, scaling)).message;
    },
    stop: () => {
      controller.abort();
      return ended;
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
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(replicasOf(engine, 'go-demo_main')).toBe(3);
  engine.setUpdateStatus('go-demo_main', 'completed');
  await until(() => world.state.activities().at(-1)?.outcome === 'restored');
  expect(replicasOf(engine, 'go-demo_main')).toBe(5);
});

test('an alert that is faster than the restoring steps from the restored count', async () => {
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
  const { engine, scaleUp } = await start(50);
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
