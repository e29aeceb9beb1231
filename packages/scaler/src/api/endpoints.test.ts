import { expect, test } from '@jest/globals';
import supertest from 'supertest';
import { createWorld, type WorldOptions } from '../testing/world.js';

const labels = { 'com.df.scaleMin': '2', 'com.df.scaleMax': '4' };

function world(options: WorldOptions = {}) {
  const made = createWorld(options);
  made.swarm.add({ name: 'go-demo_main', replicas: 3, labels });
  return { ...made, http: supertest(made.app()) };
}

interface Body {
  readonly status: string;
  readonly message: string;
  readonly code: string;
  readonly services: readonly object[];
  readonly activities: readonly { readonly id: string }[];
  readonly replicas: object;
}

function bodyOf(answer: { readonly body: unknown }): Body {
  return answer.body as Body;
}

const webhook = (change: object = {}) => ({
  version: '4',
  status: 'firing',
  groupKey: '{}/{scale="up"}',
  receiver: 'scale',
  groupLabels: { service: 'go-demo_main', scale: 'up' },
  alerts: [{ status: 'firing', labels: { alertname: 'godemo_main_resptimeabove' } }],
  ...change,
});

test('a webhook scales, is answered in the original’s words, and everybody hears of it', async () => {
  const { http, alerts, messages, state } = world();
  const answer = await http.post('/v1/scale-service').send(webhook());
  const message = 'Scaling go-demo_main from 3 to 4 replicas (min: 2, max: 4)';
  expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([
    200,
    'application/json',
    { status: 'OK', message },
  ]);
  expect(alerts).toEqual([
    {
      name: 'scale_service',
      service: 'go-demo_main',
      status: 'success',
      request: 'Scale service up: go-demo_main',
      summary: message,
    },
  ]);
  expect(messages).toEqual(['go-demo_main was scaled from 3 to 4 replicas']);
  expect(state.activities()).toMatchObject([
    { outcome: 'scaled', from: 3, to: 4, request: 'scale up', service: 'go-demo_main' },
  ]);
  expect(state.activities()[0]?.asker).toMatch(
    /^Alertmanager .*receiver scale, alert godemo_main_resptimeabove$/,
  );
});

test('at a bound the answer keeps the original’s words and a header says where the bound came from', async () => {
  const { http, alerts, messages } = world();
  await http.post('/v1/scale-service?service=go-demo_main&scale=up');
  const answer = await http.post('/v1/scale-service?service=go-demo_main&scale=up');
  expect(answer.body).toEqual({
    status: 'OK',
    message: 'go-demo_main is already scaled to the maximum number of 4 replicas',
  });
  expect(answer.headers['scaler-reason']).toBe('the maximum is 4 replicas (label com.df.scaleMax)');
  expect(alerts).toHaveLength(2);
  expect(messages[1]).toBe(
    'go-demo_main could not be scaled: the maximum is 4 replicas (label com.df.scaleMax)',
  );
});

test('at the minimum nobody is told unless it is switched on', async () => {
  const quiet = world();
  const loud = world({ environment: { ALERT_SCALE_MIN: 'true' } });
  for (const { http, swarm } of [quiet, loud]) {
    swarm.scaleByHand('go-demo_main', 2);
    await http.post('/v1/scale-service?service=go-demo_main&scale=down');
  }
  expect([quiet.alerts.length, quiet.messages.length]).toEqual([0, 0]);
  expect([loud.alerts.length, loud.messages.length]).toEqual([1, 1]);
});

test('the build server’s URL answers 201 and reports the bound to people', async () => {
  const { http, swarm, messages } = world({ environment: { SERVER_PREFIX: 'jenkins' } });
  const url = '/jenkins/job/service-scale/buildWithParameters?token=DevOps22&service=go-demo_main&scale=-1';
  const first = await http.post(url).send(webhook({ groupKey: 'a' }));
  expect([first.status, swarm.replicasOf('go-demo_main')]).toEqual([201, 2]);
  const second = await http.post(url).send(webhook({ groupKey: 'b' }));
  expect([second.status, swarm.replicasOf('go-demo_main')]).toEqual([201, 2]);
  expect(messages).toEqual([
    'go-demo_main was scaled from 3 to 2 replicas',
    'go-demo_main could not be scaled: the minimum is 2 replicas (label com.df.scaleMin)',
  ]);
});

test('the build server’s URL reports failures to people, and asks to be tried again while Docker is away', async () => {
  const { http, swarm, messages } = world();
  const unknown = await http.post('/job/service-scale/buildWithParameters?service=nope&scale=1');
  expect(unknown.status).toBe(201);
  expect(messages).toEqual([
    'nope could not be scaled: docker inspect failed in ScalerService: Error: No such service: nope',
  ]);
  swarm.fail(1);
  expect(
    (await http.post('/job/service-scale/buildWithParameters?service=go-demo_main&scale=1')).status,
  ).toBe(503);
  expect((await http.post('/job/service-scale/buildWithParameters?service=go-demo_main')).status).toBe(400);
});

test('a resolved alert scales nothing and raises no alert', async () => {
  const { http, swarm, alerts } = world();
  const answer = await http.post('/v1/scale-service').send(webhook({ status: 'resolved' }));
  expect([answer.status, bodyOf(answer).status]).toEqual([200, 'OK']);
  expect(bodyOf(answer).message).toContain('resolved');
  expect([swarm.updates.length, alerts.length]).toEqual([0, 0]);
});

test.each([
  ['', 'No service name in request'],
  ['?service=go-demo_main', 'No scale direction in request'],
  ['?service=go-demo_main&scale=boo', 'Incorrect scale direction in request'],
])('POST /v1/scale-service%s is refused with 400 and an alert', async (query, message) => {
  const { http, alerts } = world();
  const answer = await http.post(`/v1/scale-service${query}`);
  expect([answer.status, answer.body]).toEqual([400, { status: 'NOK', message }]);
  expect(alerts).toMatchObject([
    { service: 'bad_request', status: 'error', request: 'Incorrect request', summary: message },
  ]);
});

test('paths are exact, methods too, and the prefix adds a second set', async () => {
  const { http } = world({ environment: { SERVER_PREFIX: '/scaler/' } });
  const statusOf = async (method: 'get' | 'post' | 'head' | 'put', path: string) =>
    (await http[method](path)).status;
  expect(await statusOf('get', '/v1/ping')).toBe(200);
  expect(await statusOf('head', '/scaler/v1/ping')).toBe(200);
  expect(await statusOf('post', '/v1/ping')).toBe(405);
  expect(await statusOf('get', '/v1/scale-service')).toBe(405);
  expect(await statusOf('put', '/v1/reschedule-services')).toBe(405);
  expect(await statusOf('get', '/scaler/ping')).toBe(404);
  expect(await statusOf('post', '/v1/scale-service/')).toBe(404);
  expect(await statusOf('post', '/v1/scale-nodes?scale=up')).toBe(404);
  expect(await statusOf('post', '/v1/reschedule-service')).toBe(404);
  expect(await statusOf('get', '/v1/reschedule-service?service=web')).toBe(405);
  expect(await statusOf('get', '//v1/./ping')).toBe(301);
});

test('looking is for GET and HEAD, and every address of it is under the prefix too', async () => {
  const { http } = world({ environment: { SERVER_PREFIX: '/scaler' } });
  const looking = [
    'v1/services',
    'v1/replicas',
    'v1/activities',
    'v1/status',
    'readyz',
    'healthz',
    'metrics',
  ];
  for (const path of looking) {
    for (const base of ['/', '/scaler/']) {
      expect([path, (await http.get(`${base}${path}`)).status]).toEqual([path, 200]);
      const refused = await http.post(`${base}${path}`);
      expect([path, refused.status, refused.text]).toEqual([path, 405, '']);
    }
  }
});

test('characters of the prefix mean themselves', async () => {
  const { http } = world({ environment: { SERVER_PREFIX: '/a:b(c)*' } });
  expect((await http.get('/a:b(c)*/v1/ping')).status).toBe(200);
  expect((await http.get('/axx/v1/ping')).status).toBe(404);
});

test('a dry run that cannot be read changes nothing', async () => {
  const { http, swarm, alerts } = world();
  for (const path of [
    '/v1/scale-service?service=go-demo_main&scale=up',
    '/v1/reschedule-services?x=',
    '/job/service-scale/buildWithParameters?service=go-demo_main&scale=1',
  ]) {
    const answer = await http.post(`${path}&dryRun=yes`);
    expect([answer.status, bodyOf(answer).message]).toEqual([
      400,
      'Incorrect dryRun in request, expected true or false',
    ]);
  }
  expect([swarm.updates, alerts]).toEqual([[], []]);
});

test('a configured token protects every endpoint that changes something, and only these', async () => {
  const { http, swarm } = world({ environment: { SCALER_TOKEN: 'secret-token' } });
  const changing = [
    '/v1/scale-service?service=go-demo_main&scale=up',
    '/v1/reschedule-services',
    '/v1/reschedule-service?service=go-demo_main',
    '/job/service-scale/buildWithParameters?service=go-demo_main&scale=1&token=wrong',
  ];
  for (const path of changing) {
    expect((await http.post(path)).status).toBe(401);
    expect((await http.post(path).set('Authorization', 'Bearer secret-tokeN')).status).toBe(401);
  }
  expect(swarm.updates).toEqual([]);
  expect((await http.get('/metrics')).text).toContain(
    'docker_flow_scaler_requests_total{endpoint="job",result="unauthorised"} 2',
  );
  const given = await http.post(changing[0] ?? '').set('Authorization', 'Bearer secret-token');
  expect(given.status).toBe(200);
  const job = '/job/service-scale/buildWithParameters?service=go-demo_main&scale=-1&token=secret-token';
  expect((await http.post(job)).status).toBe(201);
  for (const path of [
    '/v1/ping',
    '/healthz',
    '/readyz',
    '/metrics',
    '/v1/services',
    '/v1/counts',
    '/v1/activities',
  ]) {
    expect((await http.get(path)).status).toBe(200);
  }
});

test('the job’s token and basic credentials work as well', async () => {
  const environment = { JOB_TOKEN: 'DevOps22', SCALER_BASIC_AUTH: 'ops:pass:word' };
  const { http } = world({ environment });
  const job = '/job/service-scale/buildWithParameters?service=go-demo_main&scale=-1';
  expect((await http.post(job)).status).toBe(401);
  expect((await http.post(`${job}&token=DevOps22`)).status).toBe(201);
  const basic = `Basic ${Buffer.from('ops:pass:word').toString('base64')}`;
  const scale = '/v1/scale-service?service=go-demo_main&scale=up';
  expect((await http.post(scale).set('Authorization', basic)).status).toBe(200);
  expect((await http.post(scale).set('Authorization', 'Basic !!')).status).toBe(401);
});

test('a body that is too large is refused before it is read whole', async () => {
  const { http } = world();
  const answer = await http.post('/v1/scale-service').send('x'.repeat(5 * 1024 * 1024));
  expect([answer.status, bodyOf(answer).status]).toEqual([413, 'NOK']);
});

test('cool-downs, pauses and repetitions are answered with the reason and raise no alert', async () => {
  const { http, swarm, alerts, clock } = world();
  swarm.add({ name: 'slow', replicas: 2, labels: { 'com.df.scaleUpCooldown': '60' } });
  swarm.add({ name: 'off', replicas: 2, labels: { 'com.df.scalePaused': 'true' } });
  const groupLabels = { service: 'go-demo_main', scale: 'down' };
  await http.post('/v1/scale-service?service=slow&scale=up');
  await http.post('/v1/scale-service').send(webhook({ groupLabels }));
  const before = alerts.length;
  clock.nowMs += 1_000;
  const messageOf = async (path: string, body?: object) => bodyOf(await http.post(path).send(body)).message;
  expect(await messageOf('/v1/scale-service?service=slow&scale=up')).toBe(
    'slow stays at 3 replicas: its last change was 1 second ago and the cool-down before scaling up is 60 seconds (label com.df.scaleUpCooldown), 59 seconds remain',
  );
  expect(await messageOf('/v1/scale-service?service=off&scale=up')).toBe(
    'off stays at 2 replicas: scaling is paused (label com.df.scalePaused)',
  );
  expect(await messageOf('/v1/scale-service', webhook({ groupLabels }))).toContain(
    'counts once within 5 seconds',
  );
  expect(alerts).toHaveLength(before);
});

test('services and activities are told as JSON', async () => {
  const { http, clock } = world();
  await http.post('/v1/scale-service?service=go-demo_main&scale=up');
  clock.nowMs += 2_000;
  const { services } = bodyOf(await http.get('/v1/services'));
  expect(services).toMatchObject([
    {
      name: 'go-demo_main',
      replicas: { wanted: 4, running: 4 },
      min: { value: 2, from: 'label com.df.scaleMin' },
      upBy: { value: '1', from: 'default DEFAULT_SCALE_SERVICE_UP_BY' },
      lastChange: { from: 3, to: 4 },
      inForce: 4,
    },
  ]);
  const { activities } = bodyOf(await http.get('/v1/activities?service=go-demo_main&limit=1'));
  expect(activities).toMatchObject([{ outcome: 'scaled', at: '2026-01-01T00:00:00.000Z' }]);
  expect(bodyOf(await http.get(`/v1/activities/${activities[0]?.id ?? ''}`))).toEqual(activities[0]);
  expect((await http.get('/v1/activities/nope')).status).toBe(404);
  expect(bodyOf(await http.get('/v1/replicas')).replicas).toMatchObject({ 'go-demo_main': [{ wanted: 4 }] });
  expect((await http.get('/v1/status')).body).toMatchObject({ ready: true });
});

test('tasks are counted of services that can scale, and of others that are announced', async () => {
  const { http, swarm, clock } = world();
  swarm.add({ name: 'shop_db', replicas: 1, labels: { 'com.df.notify': 'true' } });
  swarm.add({ name: 'stranger', replicas: 1, labels: {} });
  clock.nowMs += 2_000;
  expect(bodyOf(await http.get('/v1/counts'))).toEqual({
    counts: { 'go-demo_main': { wanted: 3, running: 3 }, shop_db: { wanted: 1, running: 1 } },
  });
});

test('not ready while Docker does not answer as a manager', async () => {
  const { http, swarm, clock } = world();
  swarm.fail(1);
  const answer = await http.get('/readyz');
  expect([answer.status, bodyOf(answer).code]).toEqual([503, 'not_ready']);
  clock.nowMs += 2_000;
  expect((await http.get('/readyz')).status).toBe(200);
});

test('one service is told with its tasks, and why one of them waits', async () => {
  const { http, swarm, clock } = world();
  const error = 'no suitable node (insufficient resources on 1 node)';
  const task = {
    id: 't1',
    serviceId: 'id-go-demo_main',
    state: 'pending',
    desiredState: 'running',
    error,
    nodeId: '',
    slot: 3,
    createdAtMs: clock.nowMs,
    stateAtMs: clock.nowMs,
    nanoCpus: 0,
    memoryBytes: 0,
    addresses: [],
  };
  swarm.tasks.push(task, { ...task, id: 't2', slot: 1, state: 'running', error: '', nodeId: 'n1' });
  swarm.nodes.set('n1', 'worker-1');
  const answer = await http.get('/v1/services/go-demo_main');
  expect([answer.status, answer.body]).toMatchObject([
    200,
    {
      name: 'go-demo_main',
      scaling: { replicas: { wanted: 3 }, max: { value: 4 } },
      tasks: [
        { slot: 1, node: 'worker-1', state: 'running' },
        { slot: 3, state: 'pending', error },
      ],
    },
  ]);
});

test('a service that cannot scale is told, too, one that is not there is not', async () => {
  const { http, swarm } = world();
  swarm.add({ name: 'web', replicas: 1 });
  const answer = await http.get('/v1/services/web');
  expect(answer.body).toEqual({ id: 'id-web', name: 'web', tasks: [] });
  expect((await http.get('/v1/services/nobody')).status).toBe(404);
});

test('a look at a service is one question to Docker a second, and a failed one is asked again', async () => {
  const { http, swarm, clock } = world();
  await http.get('/v1/services/go-demo_main');
  swarm.fail(1);
  expect((await http.get('/v1/services/go-demo_main')).status).toBe(200);
  clock.nowMs += 1_000;
  expect((await http.get('/v1/services/go-demo_main')).status).toBe(502);
  expect((await http.get('/v1/services/go-demo_main')).status).toBe(200);
});

test('labelled services are rescheduled, others are refused', async () => {
  const { http, swarm, alerts } = world();
  swarm.add({ name: 'web', replicas: 1, labels: { 'com.df.reschedule': 'true' }, environment: ['A=1'] });
  const all = await http.post('/v1/reschedule-services');
  expect(all.body).toEqual({ status: 'OK', message: 'web rescheduled' });
  expect(swarm.environmentOf('web')).toEqual(['A=1', 'RESCHEDULE_DATE=20260101T000000']);
  const refused = await http.post('/v1/reschedule-service?service=go-demo_main');
  expect([refused.status, bodyOf(refused).message]).toEqual([
    500,
    'go-demo_main is not labeled with com.df.reschedule=true (no label)',
  ]);
  expect(alerts.map(({ name, service, status }) => [name, service, status])).toEqual([
    ['reschedule_service', 'reschedule', 'success'],
    ['reschedule_service', 'reschedule', 'error'],
  ]);
  expect(bodyOf(await http.post('/v1/reschedule-service?service=')).message).toBe(
    'Unable to inspect service : Error: No such service: ',
  );
});

test('metrics count requests, changes and reasons', async () => {
  const { http } = world();
  await http.post('/v1/scale-service?service=go-demo_main&scale=up');
  await http.post('/v1/scale-service?service=go-demo_main&scale=up');
  const { text } = await http.get('/metrics');
  expect(text).toContain('docker_flow_scaler_requests_total{endpoint="scale-service",result="changed"} 1');
  expect(text).toContain('docker_flow_scaler_scalings_total{service="go-demo_main",direction="up"} 1');
  expect(text).toContain('docker_flow_scaler_holds_total{service="go-demo_main",reason="at-bound"} 1');
  expect(text).toContain('docker_flow_scaler_service_replicas{service="go-demo_main",kind="max"} 4');
});
