// cluster: --nodes 1
// images: demo
// when: ci
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { startScaler, type ScalerProcess } from '../../harness/programs/scaler-process.js';
import { until } from '../../harness/until.js';

/** Redeploys do not undo what the scaler has done; deliberate changes are respected. On a real Swarm. */

const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const image = ownImage('demo');

let directory: string;
let scaler: ScalerProcess;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'scaler-redeploy-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));
/** A stack of its own for each test: Swarm takes a while to let go of a network. */
const deployed = new Set<string>();
afterEach(async () => {
  await scaler.stop();
  for (const stack of deployed) await docker.run(['stack', 'rm', stack]).catch(() => '');
  deployed.clear();
});

function start(): Promise<ScalerProcess> {
  return startScaler(root, {
    DOCKER_HOST: cluster.dockerHost,
    SCALER_STATE_FILE: path.join(directory, 'state.json'),
  });
}

/** As a person does: a file, and `docker stack deploy`. */
async function deploy(
  stack: string,
  services: Readonly<Record<string, { replicas: number; version?: string; labels?: readonly string[] }>>,
): Promise<void> {
  const parts = Object.entries(services).map(
    ([name, { replicas, version = '1', labels = [] }]) => `  ${name}:
    image: ${image}
    environment: ["VERSION=${version}"]
    healthcheck: {disable: true}
    deploy:
      # A task that fails on a busy machine pauses the update, and the scaler waits for whoever goes on with it.
      update_config: {failure_action: continue}
      endpoint_mode: ${process.env['ENDPOINT_MODE'] ?? 'vip'}
      replicas: ${replicas}
      labels: ${JSON.stringify(['com.df.scaleMin=1', 'com.df.scaleMax=6', ...labels])}
`,
  );
  deployed.add(stack);
  const file = path.join(directory, `${stack}.yml`);
  await writeFile(file, `version: "3.8"\nservices:\n${parts.join('')}`);
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', file, stack]);
}

async function replicasOf(service: string): Promise<number> {
  return Number(
    await docker.run(['service', 'inspect', '--format', '{{.Spec.Mode.Replicated.Replicas}}', service]),
  );
}

async function becomes(service: string, replicas: number): Promise<number> {
  const beganMs = Date.now();
  await until(
    `${service} has ${replicas} replicas`,
    async () => {
      const now = await replicasOf(service);
      return now === replicas ? { done: true } : { notYet: `it has ${now}` };
    },
    { everyMs: 50 },
  );
  return Date.now() - beganMs;
}

async function lastOutcome(service: string, outcome: string): Promise<string> {
  return until(
    `${service} was ${outcome}`,
    async () => {
      const [last] = (await scaler.activities()).filter((one) => one.service === service);
      return last?.outcome === outcome ? { done: last.explanation } : { notYet: JSON.stringify(last) };
    },
    { everyMs: 50 },
  );
}

test('a redeploy puts a scaled service back only for a moment, whatever the file changes', async () => {
  await deploy('shop', { web: { replicas: 2 }, db: { replicas: 1 } });
  scaler = await start();
  await scaler.post('/v1/scale-service?service=shop_web&to=4');

  await deploy('shop', { web: { replicas: 2 }, db: { replicas: 1 } });
  const unchangedMs = await becomes('shop_web', 4);
  expect(await lastOutcome('shop_web', 'restored')).toContain('other services of the stack were written');

  await deploy('shop', { web: { replicas: 2, version: '2' }, db: { replicas: 1 } });
  const changedMs = await becomes('shop_web', 4);
  expect(await lastOutcome('shop_web', 'restored')).toContain('other parts of the spec changed');
  process.stderr.write(`restored after ${unchangedMs} ms (same file) and ${changedMs} ms (new template)\n`);
});

test('a redeploy while the scaler is down is undone when it comes back, and its memory survives', async () => {
  await deploy('market', { web: { replicas: 2 }, db: { replicas: 1 } });
  scaler = await start();
  await scaler.post('/v1/scale-service?service=market_web&to=5');
  expect(await scaler.stop()).toBe(0);
  await deploy('market', { web: { replicas: 2, version: '2' }, db: { replicas: 1 } });
  expect(await replicasOf('market_web')).toBe(2);
  scaler = await start();
  await becomes('market_web', 5);
  await lastOutcome('market_web', 'restored');
  const own = (await scaler.activities()).filter(({ service }) => service === 'market_web');
  expect(own.map(({ outcome }) => outcome)).toEqual(['restored', 'scaled']);
});

test('a deliberate docker service scale is respected, even to the count of the file and right after a deploy', async () => {
  await deploy('kiosk', { web: { replicas: 2 }, db: { replicas: 1 } });
  scaler = await start();
  await scaler.post('/v1/scale-service?service=kiosk_web&to=4');
  await deploy('kiosk', { web: { replicas: 2 }, db: { replicas: 1 } });
  await becomes('kiosk_web', 4);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await docker.run(['service', 'scale', '--detach', 'kiosk_web=2']);
  await lastOutcome('kiosk_web', 'noticed');
  expect(await replicasOf('kiosk_web')).toBe(2);

  await docker.run(['service', 'scale', '--detach', 'kiosk_web=0']);
  await until(
    'the scaler knows that it was stopped',
    async () => {
      const { message } = await scaler.post('/v1/scale-service?service=kiosk_web&scale=up');
      return message.includes('somebody stopped it') ? { done: true } : { notYet: message };
    },
    { everyMs: 50 },
  );
  expect(await replicasOf('kiosk_web')).toBe(0);
});

test('in a stack of one service the count of the file tells a deploy from a person, and the label switches it off', async () => {
  await deploy('single', { web: { replicas: 2 } });
  scaler = await start();
  await scaler.post('/v1/scale-service?service=single_web&to=4');
  await deploy('single', { web: { replicas: 2 } });
  await becomes('single_web', 4);

  await docker.run(['service', 'scale', '--detach', 'single_web=3']);
  await lastOutcome('single_web', 'noticed');
  expect(await replicasOf('single_web')).toBe(3);

  await scaler.post('/v1/scale-service?service=single_web&to=5');
  await deploy('single', { web: { replicas: 2, labels: ['com.df.scaleRestore=false'] } });
  expect(await lastOutcome('single_web', 'noticed')).toContain('label com.df.scaleRestore');
  expect(await replicasOf('single_web')).toBe(2);
});
