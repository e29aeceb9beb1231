import { expect, test } from '@jest/globals';
import { createFakeMetricsServer, numberOf, seriesOf } from '../testing/metrics-server.fake.js';
import supertest from 'supertest';
import { createWorld, type WorldOptions } from '../testing/world.js';
import type { SwarmTask } from '../ports.js';

const TASK = 'container_label_com_docker_swarm_task_id';
const CPU = { 'com.df.scaleOn': '@cpu', 'com.df.scaleTarget': '50%', 'com.df.scaleMax': '20' };
const JOBS = { 'com.df.scaleOn': 'sum(jobs)', 'com.df.scaleTarget': '10', 'com.df.scaleMax': '20' };

function world(options: WorldOptions = {}) {
  const metricsServer = createFakeMetricsServer();
  const made = createWorld({ metricsServer, ...options });
  const { clock, autoscaler } = made;
  async function lookAfter(seconds: number): Promise<void> {
    clock.nowMs += seconds * 1_000;
    await autoscaler.look();
  }
  return { ...made, metricsServer, lookAfter };
}

function tasksOf(service: string, count: number, atMs: number): readonly SwarmTask[] {
  return Array.from({ length: count }, (_, i) => ({
    id: `${service}-${i}`,
    serviceId: `id-${service}`,
    state: 'running',
    desiredState: 'running',
    error: '',
    nodeId: 'n1',
    slot: 1,
    createdAtMs: atMs - 3_600_000,
    stateAtMs: atMs - 3_500_000,
    nanoCpus: 1e9,
    memoryBytes: 0,
    addresses: [`10.0.1.${i + 1}`],
  }));
}

test('CPU above its target: more replicas in proportion, at once', async () => {
  const { swarm, metricsServer, clock, autoscaler, messages, state } = world();
  swarm.add({ name: 'web', replicas: 4, labels: CPU });
  swarm.tasks.push(...tasksOf('web', 4, clock.nowMs));
  const busy = Object.fromEntries([0, 1, 2, 3].map((i) => [`web-${i}`, 0.9]));
  metricsServer.results.set('container_cpu', seriesOf(TASK, busy));
  await autoscaler.look();
  expect(swarm.replicasOf('web')).toBe(8);
  expect(messages).toEqual([
    'web was scaled from 4 to 8 replicas: @cpu is 90 %, its target 50 %: 8 replicas',
  ]);
  expect(state.activities()).toMatchObject([{ outcome: 'scaled', from: 4, to: 8, service: 'web' }]);
});

test('one query serves all services that use a shortcut, and one more asks when its samples come', async () => {
  const { swarm, metricsServer, autoscaler } = world();
  for (let i = 0; i < 100; i += 1) swarm.add({ name: `web${i}`, replicas: 1, labels: CPU });
  await autoscaler.look();
  expect(metricsServer.queries).toHaveLength(2);
  expect(metricsServer.queries[1]).toContain('count_values("age"');
  expect(autoscaler.status()).toMatchObject({ services: 100, queries: 1 });
});

test('load that has gone: down after the window, and people hear of the first step only', async () => {
  const { swarm, metricsServer, lookAfter, messages } = world();
  const labels = { ...JOBS, 'com.df.scaleDownPolicies': '2/15s', 'com.df.scaleDownWindow': '60s' };
  swarm.add({ name: 'web', replicas: 8, labels });
  metricsServer.results.set('jobs', numberOf(10));
  await lookAfter(0);
  await lookAfter(30);
  expect(swarm.replicasOf('web')).toBe(8);
  await lookAfter(35);
  expect(swarm.replicasOf('web')).toBe(6);
  await lookAfter(5);
  expect(swarm.replicasOf('web')).toBe(6);
  await lookAfter(15);
  expect(swarm.replicasOf('web')).toBe(4);
  expect(messages).toHaveLength(1);
});

test('while Prometheus fails nothing falls, and the reason is shown', async () => {
  const { swarm, metricsServer, lookAfter, list, state } = world();
  swarm.add({ name: 'web', replicas: 8, labels: { ...JOBS, 'com.df.scaleDownWindow': '0s' } });
  metricsServer.results.set('jobs', { ok: false, reason: 'Prometheus gave no answer' });
  for (let i = 0; i < 5; i += 1) await lookAfter(60);
  expect(swarm.replicasOf('web')).toBe(8);
  await list.refresh();
  expect(list.views()[0]?.target).toMatchObject({
    reason: 'metricsFailed',
    conditions: expect.arrayContaining([
      expect.objectContaining({ type: 'ScalingActive', status: false, reason: 'FailedGetMetrics' }),
    ]) as object,
  });
  expect(state.activities()).toMatchObject([{ outcome: 'failed', times: 1 }]);
});

test('metrics have the value beside its target, and the count with its bounds', async () => {
  const { swarm, metricsServer, lookAfter, list, clock, app } = world();
  swarm.add({ name: 'web', replicas: 2, labels: JOBS });
  metricsServer.results.set('jobs', numberOf(60));
  await lookAfter(0);
  clock.nowMs += 2_000;
  await list.refresh();
  const { text } = await supertest(app()).get('/metrics');
  expect(text).toContain('docker_flow_scaler_target_value{service="web",metric="m1"} 60');
  expect(text).toContain('docker_flow_scaler_service_replicas{service="web",kind="wanted"} 6');
  expect(text).toMatch(/docker_flow_scaler_service_replicas\{service="web",kind="max"\} [0-9]+/);
});

test('at its maximum people hear of it once', async () => {
  const { swarm, metricsServer, lookAfter, messages } = world();
  swarm.add({ name: 'web', replicas: 3, labels: { ...JOBS, 'com.df.scaleMax': '3' } });
  metricsServer.results.set('jobs', numberOf(1_000));
  for (let i = 0; i < 5; i += 1) await lookAfter(5);
  expect(messages).toEqual(['web is at its maximum of 3 replicas, and its target asks for 100']);
});

test('a count that somebody has just set is left until it is known whether a deploy has reset it', async () => {
  const { swarm, metricsServer, lookAfter, check } = world();
  swarm.add({ name: 'web', replicas: 2, labels: JOBS });
  metricsServer.results.set('jobs', numberOf(60));
  await lookAfter(0);
  expect(swarm.replicasOf('web')).toBe(6);
  swarm.scaleByHand('web', 2);
  await lookAfter(5);
  expect(swarm.replicasOf('web')).toBe(2);
  await check('id-web');
  await lookAfter(20);
  expect(swarm.replicasOf('web')).toBe(6);
});

test('when somebody else was faster, the count is decided from what is there then', async () => {
  const { swarm, metricsServer, autoscaler } = world();
  swarm.add({ name: 'web', replicas: 2, labels: JOBS });
  metricsServer.results.set('jobs', numberOf(60));
  swarm.loseRaces(2);
  await autoscaler.look();
  expect(swarm.replicasOf('web')).toBe(6);
});

test('a look that Docker has held up for too long is not acted upon', async () => {
  const metricsServer = createFakeMetricsServer();
  const { swarm, autoscaler, clock } = createWorld({
    metricsServer: {
      ...metricsServer,
      query(expression, timeoutMs) {
        clock.nowMs += 60_000;
        return metricsServer.query(expression, timeoutMs);
      },
    },
  });
  swarm.add({ name: 'web', replicas: 2, labels: JOBS });
  metricsServer.results.set('jobs', numberOf(60));
  await autoscaler.look();
  expect(swarm.replicasOf('web')).toBe(2);
  expect(autoscaler.viewOf('id-web')?.conditions[0]).toMatchObject({ status: false, reason: 'TooLate' });
});

test('to zero and back, but never back from a zero that somebody else has set', async () => {
  const { swarm, metricsServer, lookAfter } = world();
  const labels = { ...JOBS, 'com.df.scaleToZero': 'true', 'com.df.scaleZeroCooldown': '30s' };
  swarm.add({ name: 'web', replicas: 1, labels });
  metricsServer.results.set('jobs', numberOf(1));
  await lookAfter(0);
  metricsServer.results.set('jobs', numberOf(0));
  await lookAfter(31);
  expect(swarm.replicasOf('web')).toBe(0);
  metricsServer.results.set('jobs', numberOf(5));
  await lookAfter(5);
  expect(swarm.replicasOf('web')).toBe(1);
  swarm.scaleByHand('web', 0);
  await lookAfter(5);
  await lookAfter(60);
  expect(swarm.replicasOf('web')).toBe(0);
});

test('woken by a request to the scaler, it stays awake for a cool-down, whatever the metrics say', async () => {
  const { swarm, metricsServer, lookAfter, app } = world();
  const labels = { ...JOBS, 'com.df.scaleToZero': 'true', 'com.df.scaleZeroCooldown': '30s' };
  swarm.add({ name: 'web', replicas: 1, labels });
  metricsServer.results.set('jobs', numberOf(0));
  await lookAfter(0);
  await lookAfter(31);
  expect(swarm.replicasOf('web')).toBe(0);
  await lookAfter(600);
  await supertest(app()).post('/v1/scale-service?service=web&to=1').expect(200);
  await lookAfter(2);
  expect(swarm.replicasOf('web')).toBe(1);
  await supertest(app()).post('/v1/scale-service?service=web&to=1').expect(200);
  await lookAfter(29);
  expect(swarm.replicasOf('web')).toBe(1);
  await lookAfter(2);
  expect(swarm.replicasOf('web')).toBe(0);
});

test('a restart goes on with what it remembers', async () => {
  const first = world();
  const labels = { ...JOBS, 'com.df.scaleDownWindow': '60s' };
  first.swarm.add({ name: 'web', replicas: 2, labels });
  first.metricsServer.results.set('jobs', numberOf(60));
  await first.lookAfter(0);
  const { swarm, clock } = first;
  const second = world({ swarm, clock, snapshot: first.state.snapshot() });
  second.metricsServer.results.set('jobs', numberOf(10));
  await second.lookAfter(30);
  expect(swarm.replicasOf('web')).toBe(6);
  await second.lookAfter(31);
  expect(swarm.replicasOf('web')).toBe(1);
});

test('one series for each task is joined by its address, and two for one task are a failure', async () => {
  const { swarm, metricsServer, clock, autoscaler } = world();
  const labels = { ...JOBS, 'com.df.scaleOn': 'busy', 'com.df.scalePer': 'task', 'com.df.scaleTarget': '1' };
  swarm.add({ name: 'web', replicas: 2, labels });
  swarm.tasks.push(...tasksOf('web', 2, clock.nowMs));
  metricsServer.results.set('busy', seriesOf('instance', { '10.0.1.1:8080': 2, '10.0.1.2:8080': 2 }));
  await autoscaler.look();
  expect(swarm.replicasOf('web')).toBe(4);
  metricsServer.results.set('busy', seriesOf('instance', { '10.0.1.1:8080': 9, '10.0.1.1:9090': 9 }));
  clock.nowMs += 5_000;
  await autoscaler.look();
  expect(autoscaler.viewOf('id-web')?.reason).toBe('metricsFailed');
});
