// cluster: --nodes 1
// images: none
// when: ci
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEngineClient, type EngineService } from '@docker-flow/testkit';
import { startProgram, type ProgramProcess } from '../../harness/programs/program-process.js';
import { startScaler, type ScalerProcess } from '../../harness/programs/scaler-process.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { makeSmallImage } from '../../harness/swarm/small-image.js';
import { until } from '../../harness/until.js';

/** Listener, and scaler behind docker-guard, on a real engine. */

const cluster = clusterFromEnvironment(process.env);
const { root } = cluster;
const IMAGE = 'local/small:1';
const engine = createEngineClient(cluster.dockerHost);

let guard: ProgramProcess;
let scaler: ScalerProcess;
let listener: ProgramProcess;

beforeAll(async () => {
  await makeSmallImage(IMAGE, [cluster.dockerHost]);
  guard = await startProgram(root, 'docker-guard', { DOCKER_HOST: cluster.dockerHost });
  scaler = await startScaler(root, { DOCKER_HOST: guard.url, SCALE_UNLABELLED: 'true' });
  listener = await startProgram(root, 'swarm-listener', { DF_DOCKER_HOST: cluster.dockerHost });
  const created = await engine.call('POST', '/services/create', {
    Name: 'web',
    Labels: { 'com.df.notify': 'true', 'com.df.scaleMax': '5', 'com.df.reschedule': 'true' },
    TaskTemplate: { ContainerSpec: { Image: IMAGE } },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
  });
  if (created.status !== 201) throw new Error(`the service was not created: ${created.text}`);
});

afterAll(async () => {
  await Promise.all([listener, scaler, guard].map((program) => program.stop()));
});

async function inspect(): Promise<EngineService> {
  return (await engine.call('GET', '/services/web?insertDefaults=false')).body as EngineService;
}

test('the scaler scales through the guard, and nothing else of the spec changes', async () => {
  const before = await inspect();
  expect(await scaler.post('/v1/scale-service?service=web&scale=up&by=2')).toMatchObject({ status: 200 });
  const after = await inspect();
  expect(after.Spec).toEqual({ ...before.Spec, Mode: { Replicated: { Replicas: 3 } } });
});

test('the scaler replaces tasks through the guard', async () => {
  expect(await scaler.post('/v1/reschedule-service?service=web')).toMatchObject({ status: 200 });
  expect(JSON.stringify((await inspect()).Spec.TaskTemplate)).toContain('RESCHEDULE_DATE=');
});

test('events of services come through the guard', async () => {
  const stop = new AbortController();
  const seen: unknown[] = [];
  let isOpen = false;
  const ended = createEngineClient(guard.url).followEvents(
    `/events?filters=${encodeURIComponent('{"type":["service"]}')}`,
    { onOpen: () => (isOpen = true), onEvent: (event) => seen.push(event) },
    stop.signal,
  );
  const isTrue = (so: boolean) => (so ? { done: true } : { notYet: 'not yet' });
  await until('the stream is open', () => Promise.resolve(isTrue(isOpen)), { everyMs: 100 });
  const { ID: id, Version: version, Spec: spec } = await inspect();
  const changed = { ...spec, Mode: { Replicated: { Replicas: 4 } } };
  await engine.call('POST', `/services/${id}/update?version=${version.Index}`, changed);
  await until('an event has come', () => Promise.resolve(isTrue(seen.length > 0)), { everyMs: 100 });
  expect(seen[0]).toMatchObject({ Type: 'service', Action: 'update', Actor: { ID: id } });
  stop.abort();
  await ended;
});

test.each([
  ['POST', '/services/create', { Name: 'evil', TaskTemplate: { ContainerSpec: { Image: IMAGE } } }],
  ['DELETE', '/services/web', undefined],
  ['GET', '/secrets', undefined],
  ['GET', '/v1.41/../containers/json', undefined],
])('whoever has the scaler cannot %s %s', async (method, target, body) => {
  const answer = await createEngineClient(guard.url).call(method, target, body);
  expect(answer.status).toBe(403);
  expect((await engine.call('GET', '/services')).body).toHaveLength(1);
});

test('whoever has the scaler cannot give a service another image', async () => {
  const { ID: id, Version: version, Spec: spec } = await inspect();
  const evil = { ...spec, TaskTemplate: { ContainerSpec: { Image: 'evil:1' } } };
  const target = `/services/${id}/update?version=${version.Index}`;
  expect(await createEngineClient(guard.url).call('POST', target, evil)).toMatchObject({ status: 403 });
  expect((await inspect()).Spec).toEqual(spec);
});

test('the listener tells of the service', async () => {
  const services = await until(
    'get-services has the service',
    async () => {
      const answer = await fetch(`${listener.url}/v1/docker-flow-swarm-listener/get-services`);
      const list = (await answer.json()) as readonly object[];
      return list.length > 0 ? { done: list } : { notYet: 'empty' };
    },
    { everyMs: 100 },
  );
  expect(services).toMatchObject([{ serviceName: 'web', scaleMax: '5' }]);
});

test('all of them end when they are told to', async () => {
  const ended = [listener, scaler, guard].map((program) => program.stop());
  expect(await Promise.all(ended)).toEqual([0, 0, 0]);
});
