import { expect, test } from '@jest/globals';
import supertest from 'supertest';
import { createWorld } from '../testing/world.js';

const PATH = '/v1/scale-service?service=web&scale=up';

async function statusOf(headers: Readonly<Record<string, string>>, environment = {}, path = PATH) {
  const { swarm, app } = createWorld({ environment });
  swarm.add({ name: 'web', replicas: 2 });
  const answer = await supertest(app()).post(path).set('Host', 'scaler:8080').set(headers);
  return [answer.status, swarm.replicasOf('web')];
}

test.each([
  ['a page of another origin', { Origin: 'https://evil.example' }],
  ['a page without an origin', { Origin: 'null' }],
  ['a browser that says so', { 'Sec-Fetch-Site': 'cross-site' }],
  ['a proxy', { 'X-Forwarded-For': '203.0.113.9' }],
])('without a token, %s changes nothing', async (_, headers) => {
  expect(await statusOf(headers)).toEqual([401, 2]);
  expect(await statusOf(headers, {}, '/job/service-scale/buildWithParameters?service=web&scale=1')).toEqual([
    401, 2,
  ]);
});

test('asking what would happen is open to everybody', async () => {
  expect(await statusOf({ 'X-Forwarded-For': '203.0.113.9' }, {}, `${PATH}&dryRun=true`)).toEqual([200, 2]);
});

test('a page of the scaler itself, and whoever has the token, may', async () => {
  expect(await statusOf({ Origin: 'http://scaler:8080', 'Sec-Fetch-Site': 'same-origin' })).toEqual([200, 3]);
  const headers = { Origin: 'https://ops.example', Authorization: 'Bearer secret' };
  expect(await statusOf(headers, { SCALER_TOKEN: 'secret' })).toEqual([200, 3]);
});

test('services without any scaling label are left alone when the operator says so', async () => {
  const environment = { SCALE_UNLABELLED: 'false' };
  const { swarm, app } = createWorld({ environment });
  swarm.add({ name: 'web', replicas: 2 });
  swarm.add({ name: 'api', replicas: 2, labels: { 'com.df.scaleUpBy': '2' } });
  swarm.add({ name: 'sleepy', replicas: 2, labels: { 'com.df.wakeOnRequest': 'true' } });
  const http = supertest(app());
  const answers = await Promise.all(
    ['web', 'api', 'sleepy'].map((name) => http.post(`/v1/scale-service?service=${name}&scale=up`)),
  );
  expect(answers.map(({ status }) => status)).toEqual([500, 200, 200]);
  expect((answers[0]?.body as { message: string }).message).toContain('SCALE_UNLABELLED=false');
  expect(swarm.replicasOf('web')).toBe(2);
});
