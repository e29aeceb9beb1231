import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import supertest from 'supertest';
import { startFakeAutoScaling, type FakeAutoScaling } from '../testing/auto-scaling.fake.js';
import { readConfig } from '../config/config.js';
import { createNodeBackend } from '../adapters/node-backend.js';
import { createWorld, type World } from '../testing/world.js';

/** Node scaling through the real SDK against AWS's protocol. */

const saved = { ...process.env };
const started: FakeAutoScaling[] = [];
const worlds: World[] = [];
let awsFile = '';

beforeAll(async () => {
  awsFile = path.join(await mkdtemp(path.join(tmpdir(), 'scaler-aws-')), 'aws');
  await writeFile(awsFile, 'export AWS_ACCESS_KEY_ID=AKIAEXAMPLE\nexport AWS_SECRET_ACCESS_KEY=secret\n');
});
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((one) => one.stop()));
  await Promise.all(started.splice(0).map((one) => one.close()));
  process.env = { ...saved };
});
afterAll(async () => {
  process.env = saved;
  await rm(path.dirname(awsFile), { recursive: true });
});

async function worldWithNodes(environment: Readonly<Record<string, string>> = {}) {
  const aws = await startFakeAutoScaling([
    { name: 'other', desired: 1, min: 0, max: 2 },
    { name: 'asg-w', desired: 3, min: 0, max: 10 },
    { name: 'asg-m', desired: 5, min: 3, max: 7 },
  ]);
  started.push(aws);
  const all = {
    NODE_SCALER_BACKEND: 'aws',
    AWS_ENV_FILE: awsFile,
    AWS_MANAGER_ASG: 'asg-m',
    AWS_WORKER_ASG: 'asg-w',
    ...environment,
  };
  process.env['AWS_ENDPOINT_URL_AUTO_SCALING'] = aws.address;
  process.env['AWS_EC2_METADATA_DISABLED'] = 'true';
  const backend = await createNodeBackend({
    config: readConfig(all).nodes,
    environment: all,
    setVariables: (variables) => Object.assign(process.env, variables),
    onError: () => undefined,
  });
  const world = createWorld({ environment: all, ...(backend ? { backend } : {}) });
  worlds.push(world);
  return { aws, world, http: supertest(world.app()) };
}

function summaries({ alerts }: World): readonly string[] {
  return alerts.map(({ status, summary }) => `${status}: ${summary}`);
}

test('count and bounds of the group are written, and the wait for nodes is announced after the change', async () => {
  const { aws, world, http } = await worldWithNodes();
  const answer = await http.post('/v1/scale-nodes?scale=up&type=worker&by=1');
  expect([answer.status, answer.body]).toEqual([
    200,
    { status: 'OK', message: 'Changing the number of worker nodes on aws from 3 to 4' },
  ]);
  expect(aws.updates).toEqual([
    { AutoScalingGroupName: 'asg-w', DesiredCapacity: '4', MinSize: '0', MaxSize: '5' },
  ]);
  expect(summaries(world)).toEqual([
    'success: Changing the number of worker nodes on aws from 3 to 4',
    'pending: Waiting for worker nodes to scale from 3 to 4 for rescheduling',
  ]);
});

test('nothing is written when count and bounds are right already', async () => {
  const { aws, world, http } = await worldWithNodes({ DEFAULT_MAX_MANAGER_NODES: '5' });
  const managers = aws.groups[2];
  if (managers) managers.max = 5;
  const answer = await http.post('/v1/scale-nodes?scale=up&type=manager');
  expect(answer.body).toMatchObject({
    message: 'manager nodes are already scaled to the maximum number of 5 nodes',
  });
  expect(aws.updates).toEqual([]);
  expect(summaries(world)).toHaveLength(1);
});

test('a group above the maximum is never cut by a scale-up', async () => {
  const { aws, http } = await worldWithNodes({ DEFAULT_MAX_WORKER_NODES: '2' });
  const answer = await http.post('/v1/scale-nodes?scale=up&type=worker');
  expect(answer.body).toMatchObject({
    message: 'worker nodes are already scaled to the maximum number of 3 nodes',
  });
  expect(aws.updates).toEqual([]);
});

test('the labels of a named service give bounds and steps', async () => {
  const { aws, world, http } = await worldWithNodes();
  world.swarm.add({
    name: 'exporter',
    isGlobal: true,
    labels: {
      'com.df.scaleWorkerNodeMax': '8',
      'com.df.scaleWorkerNodeUpBy': '3',
      'com.df.scaleWorkerNodeMin': '1',
    },
  });
  await http.post('/v1/scale-nodes?type=worker').send({ groupLabels: { scale: 'up', service: 'exporter' } });
  expect(aws.updates).toMatchObject([{ DesiredCapacity: '6', MinSize: '1', MaxSize: '8' }]);
});

test.each([
  ['type=worker', 400, 'No scale direction', 'bad_request'],
  ['type=worker&scale=2up', 400, 'Incorrect scale direction', 'bad_request'],
  ['scale=up', 400, 'Incorrect node type: , type can only be worker or manager', 'aws'],
  ['scale=up&type=worker&service=nope', 500, 'node scaling failed: Error: No such service: nope', 'aws'],
])('POST /v1/scale-nodes?%s answers %d', async (query, status, message, service) => {
  const { world, http } = await worldWithNodes();
  const answer = await http.post(`/v1/scale-nodes?${query}`);
  expect([answer.status, answer.body]).toEqual([status, { status: 'NOK', message }]);
  expect(world.alerts).toMatchObject([{ service, status: 'error', summary: message }]);
});

test('errors of AWS are passed on with their code', async () => {
  const { aws, http } = await worldWithNodes();
  aws.refused.add('UpdateAutoScalingGroup');
  const update = await http.post('/v1/scale-nodes?scale=up&type=worker');
  expect(update.body).toEqual({
    status: 'NOK',
    message:
      'node scaling failed: Error calling update-auto-scaling-group with desired-capacity: 4: AccessDenied: not allowed (status code 403)',
  });
  aws.groups.splice(0);
  const missing = await http.post('/v1/scale-nodes?scale=up&type=worker');
  expect(missing.body).toMatchObject({
    message: 'node scaling failed: Unable to find launch-configuration-name: asg-w',
  });
});

test('posts of one alert group count once, resolved ones not at all, failed ones again', async () => {
  const { aws, http } = await worldWithNodes();
  const body = (status: string) => ({ status, groupKey: 'g', groupLabels: { scale: 'up', type: 'worker' } });
  await http.post('/v1/scale-nodes').send(body('resolved'));
  aws.refused.add('DescribeAutoScalingGroups');
  expect((await http.post('/v1/scale-nodes').send(body('firing'))).status).toBe(500);
  aws.refused.clear();
  await http.post('/v1/scale-nodes').send(body('firing'));
  expect((await http.post('/v1/scale-nodes').send(body('firing'))).status).toBe(200);
  expect(aws.updates).toHaveLength(1);
});

test.each([
  [{ NODE_SCALER_BACKEND: 'gcp' }, 'NODE_SCALER_BACKEND="gcp" is not known; expected aws or nothing'],
  [{ AWS_ENV_FILE: '/nowhere/aws' }, /^AWS_ENV_FILE="\/nowhere\/aws" cannot be read/],
  [{ AWS_WORKER_ASG: '' }, 'AWS_WORKER_ASG is not set; expected the name of an auto scaling group'],
])('with %j there is no node scaling, and the reason is told', async (change, reason) => {
  await expect(worldWithNodes(change)).rejects.toThrow(reason);
});
