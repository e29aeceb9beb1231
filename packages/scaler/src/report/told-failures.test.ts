import { expect, test } from '@jest/globals';
import supertest from 'supertest';
import { createWorld } from '../testing/world.js';

function webhook(change: object = {}) {
  return {
    status: 'firing',
    groupKey: 'g',
    groupLabels: { service: 'web', scale: 'up' },
    alerts: [],
    ...change,
  };
}

test('what will not mend is told once, and Alertmanager is not made to try again', async () => {
  const { app, alerts, messages, clock, swarm } = createWorld();
  const http = supertest(app());
  const answers = [];
  for (let i = 0; i < 3; i += 1) {
    answers.push(await http.post('/v1/scale-service').send(webhook()));
    clock.nowMs += 600_000;
  }
  const message = 'docker inspect failed in ScalerService: Error: No such service: web';
  expect(answers.map(({ status, body }) => [status, body as object])).toEqual(
    Array(3).fill([200, { status: 'NOK', message }]),
  );
  expect([alerts.length, messages.length]).toEqual([1, 1]);
  swarm.add({ name: 'web', replicas: 1 });
  await http.post('/v1/scale-service').send(webhook());
  expect(alerts.at(-1)).toMatchObject({ status: 'success' });
});

test('while Docker cannot be reached, Alertmanager tries again', async () => {
  const { app, swarm } = createWorld();
  swarm.add({ name: 'web', replicas: 1 });
  swarm.fail(1);
  const http = supertest(app());
  expect((await http.post('/v1/scale-service').send(webhook())).status).toBe(500);
});

test('a group that was not grouped by service is told what to put into group_by', async () => {
  const { app } = createWorld();
  const answer = await supertest(app())
    .post('/v1/scale-service')
    .send(webhook({ groupLabels: { scale: 'up' } }));
  expect(answer.status).toBe(400);
  expect((answer.body as { message: string }).message).toMatch(/^No service name in request: .*group_by/);
});
