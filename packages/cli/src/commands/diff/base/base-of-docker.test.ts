import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startFakeDockerEngine, type FakeDockerEngine, type ServiceSpec } from '@docker-flow/testkit';
import { runCommand, stackOf } from '../../../testing/run-command.js';

let engine: FakeDockerEngine;

beforeAll(async () => {
  engine = await startFakeDockerEngine();
  engine.createService(running('shop', 'web', { 'com.df.servicePath': '/web', 'com.df.port': '80' }));
  engine.createService(running('shop', 'old', { 'com.df.servicePath': '/old', 'com.df.port': '80' }));
  engine.createService(running('other', 'api', { 'com.df.servicePath': '/api', 'com.df.port': '80' }));
});
afterAll(() => engine.close());

/** A service as `docker stack deploy` makes it. */
function running(stack: string, name: string, labels: Readonly<Record<string, string>>): ServiceSpec {
  return {
    Name: `${stack}_${name}`,
    Labels: {
      ...labels,
      'com.df.notify': 'true',
      'com.df.scaleMax': '4',
      'com.docker.stack.image': 'example/app',
      'com.docker.stack.namespace': stack,
    },
    Mode: { Replicated: { Replicas: 3 } },
    TaskTemplate: { ContainerSpec: { Image: 'example/app' } },
  };
}

async function diff(labels: readonly string[], replicas: number) {
  const { status, result, messages } = await runCommand(
    ['diff', '--against', 'docker', '--format', 'json', '@shop.yml'],
    {
      files: {
        'shop.yml': stackOf({ web: labels, old: OLD }, { web: `replicas: ${replicas}`, old: 'replicas: 3' }),
      },
      environment: { DOCKER_HOST: engine.dockerHost },
    },
  );
  return {
    status,
    messages,
    changes: result === '' ? [] : (JSON.parse(result) as { changes: object[] }).changes,
  };
}

const OLD = ['com.df.servicePath=/old', 'com.df.port=80', 'com.df.scaleMax=4'];
const WEB = ['com.df.servicePath=/web', 'com.df.port=80', 'com.df.scaleMax=4'];

test('what runs and what the file says are the same', async () => {
  expect(await diff(WEB, 3)).toEqual({ status: 0, messages: '', changes: [] });
});

test('routes, bounds and replicas are compared, of services of this stack alone', async () => {
  const { status, changes } = await diff(
    ['com.df.servicePath=/v2', 'com.df.port=80', 'com.df.scaleMax=9'],
    2,
  );
  expect(status).toBe(1);
  expect(changes).toMatchObject([
    {
      kind: 'changed',
      what: 'route',
      service: 'shop_web',
      before: { paths: ['/web'] },
      after: { paths: ['/v2'] },
    },
    {
      kind: 'changed',
      what: 'scaling',
      service: 'shop_web',
      before: { max: 4, replicas: '3' },
      after: { max: 9, replicas: '2' },
    },
  ]);
});

test('a service that the file does not have is gone', async () => {
  const { result } = await runCommand(['diff', '--against', 'docker', '@shop.yml'], {
    files: { 'shop.yml': stackOf({ web: WEB }, { web: 'replicas: 3' }) },
    environment: { DOCKER_HOST: engine.dockerHost },
  });
  expect(result).toMatch(/^- shop_old: .*\/old/m);
});

test.each([
  ['nobody answers', 'tcp://127.0.0.1:9', 'Cannot connect to the Docker daemon at http://127.0.0.1:9'],
  ['no address', 'nowhere', 'expected unix:///path or tcp://host:port'],
])('%s: exit status 2, and the reason', async (_, host, reason) => {
  const { status, result, messages } = await runCommand(['diff', '--against', 'docker', '@shop.yml'], {
    files: { 'shop.yml': stackOf({ web: WEB }) },
    environment: { DOCKER_HOST: host },
  });
  expect([status, result]).toEqual([2, '']);
  expect(messages).toContain(reason);
});
