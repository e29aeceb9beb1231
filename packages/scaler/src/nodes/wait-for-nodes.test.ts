import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Alert } from '../core/alert.js';
import { createNodeWaiter } from './wait-for-nodes.js';
import { createFakeSwarm } from '../testing/swarm.fake.js';
import { until } from '../testing/until.js';

function waiting({ intervalMs = 5, timeoutMs = 10_000, readyNodes = 1 } = {}) {
  const swarm = createFakeSwarm();
  swarm.readyNodes = readyNodes;
  const alerts: Alert[] = [];
  const rescheduledAt: number[] = [];
  const pending: boolean[] = [];
  const waiter = createNodeWaiter({
    swarm,
    alerts: { send: (alert) => void alerts.push(alert) },
    config: { filter: { label: 'a', value: 'b' }, environmentKey: 'K', intervalMs, timeoutMs },
    reschedule: (atMs) => {
      rescheduledAt.push(atMs);
      return Promise.resolve('web rescheduled');
    },
    logger: silentLogger(),
    now: () => Date.now(),
    onPending: (isPending) => void pending.push(isPending),
  });
  const last = () => alerts.at(-1);
  return { swarm, alerts, rescheduledAt, pending, waiter, last };
}

const up = { role: 'worker', from: 1, to: 2 } as const;

test('when the nodes are there, labelled services are rescheduled with the time the wait began', async () => {
  const { swarm, alerts, rescheduledAt, pending, waiter } = waiting();
  const beforeMs = Date.now();
  waiter.start(up);
  expect(waiter.pending()).toMatchObject(up);
  await until(() => alerts.length >= 3);
  swarm.readyNodes = 3;
  await until(() => waiter.pending() === undefined);
  expect(alerts[0]).toMatchObject({ name: 'scale_nodes', service: 'reschedule', status: 'pending' });
  expect(alerts.at(-1)).toEqual({
    name: 'reschedule_service',
    service: 'reschedule',
    status: 'success',
    request: '2 worker nodes are up, web rescheduled',
    summary: '2 worker nodes are up, web rescheduled',
  });
  expect(rescheduledAt).toHaveLength(1);
  expect(rescheduledAt[0]).toBeGreaterThanOrEqual(beforeMs);
  expect(pending).toEqual([true, false]);
});

test('a count that fails does not end the wait', async () => {
  const { swarm, waiter, last } = waiting({ readyNodes: 2 });
  swarm.fail(2);
  waiter.start(up);
  await until(() => waiter.pending() === undefined);
  expect(last()).toMatchObject({ status: 'success' });
});

test('the wait gives up after its time', async () => {
  const { rescheduledAt, waiter, last } = waiting({ intervalMs: 1_000, timeoutMs: 20 });
  waiter.start(up);
  await until(() => waiter.pending() === undefined);
  expect(last()).toMatchObject({
    status: 'error',
    request: 'Waiting for nodes to scale',
    summary: 'Timeout: waited 0.020000 seconds for 2 worker nodes to activate',
  });
  expect(rescheduledAt).toEqual([]);
});

test('a newer wait replaces the older one, also within the same second', async () => {
  const { swarm, alerts, rescheduledAt, waiter } = waiting();
  waiter.start(up);
  waiter.start({ role: 'worker', from: 2, to: 3 });
  swarm.readyNodes = 3;
  await until(() => waiter.pending() === undefined);
  const replaced = alerts.filter(
    ({ summary }) => summary === 'Rescheduling is canceled by another rescheduler',
  );
  expect(replaced).toHaveLength(1);
  expect(rescheduledAt).toHaveLength(1);
});

test('when the program ends, a pending wait ends with its alert', async () => {
  const { waiter, last } = waiting({ intervalMs: 60_000, timeoutMs: 100_000 });
  const stop = new AbortController();
  const running = waiter.actor.run(stop.signal);
  waiter.start(up);
  stop.abort();
  await running;
  await until(() => waiter.pending() === undefined);
  expect(last()).toMatchObject({ summary: 'Rescheduling is canceled because the scaler is stopping' });
});
