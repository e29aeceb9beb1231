import { expect, test } from '@jest/globals';
import { aNode, aService, aTask, someRules } from '../testing/swarm-objects.js';
import type { SwarmService, SwarmTask } from '../core/services/swarm-objects.js';
import { memoizeObservations } from '../core/services/observation.js';
import type { Swarm } from '../ports.js';
import { createServiceSnapshots, type Snapshot } from './snapshot.js';

function world(services: readonly SwarmService[], tasks: readonly SwarmTask[], hasReceivers = true) {
  const there = { services, tasks };
  const swarm: Partial<Swarm> = {
    listServices: () => Promise.resolve(there.services),
    listRecentTasks: () => Promise.resolve(there.tasks),
    listNodes: () => Promise.resolve([aNode()]),
  };
  const rules = someRules();
  const observationOf = memoizeObservations(rules.nodeInfo);
  const snapshots = createServiceSnapshots({ swarm: swarm as Swarm, rules, observationOf, hasReceivers });
  return { there, snapshots, take: async () => (await snapshots()).whole };
}

const rows = ({ body }: Snapshot) => JSON.parse(body()) as unknown;

test('services are sorted by the bytes of their names, whatever the order of Docker', async () => {
  const services = ['b', 'B', 'a'].map((name) => aService({ id: name, name, replicas: 0 }));
  const { take } = world(services, []);
  expect((rows(await take()) as { serviceName: string }[]).map((row) => row.serviceName)).toEqual([
    'B',
    'a',
    'b',
  ]);
});

test.each(['a-claim', 'z-claim'])('a name that is another service is not listed twice (%s)', async (id) => {
  const short = { 'com.df.notify': 'true', 'com.df.shortName': 'true' };
  const bank = aService({
    id: 'bank',
    name: 'bank',
    labels: { 'com.df.notify': 'true', 'com.df.port': '80' },
  });
  const claim = aService({ id, name: 'q_bank', stack: 'q', labels: short });
  const other = aService({ id: 'other', name: 'r_shop', stack: 'r', labels: short });
  const same = aService({ id: 'same', name: 's_shop', stack: 's', labels: short });
  const { there, take } = world([claim, bank, other, same], [], false);
  const names = async () => (rows(await take()) as { serviceName: string }[]).map((row) => row.serviceName);
  expect(rows(await take())).toContainEqual(expect.objectContaining({ serviceName: 'bank', port: '80' }));
  expect(await names()).toEqual(['bank', 'shop', 'shop']);
  there.services = [claim];
  expect(await names()).toEqual(['bank']);
});

test('what does not serve is left out, unless there is nobody to be told', async () => {
  expect(rows(await world([aService()], []).take())).toEqual([]);
  const row = { distribute: 'true', replicas: '1', serviceName: 'web' };
  expect(rows(await world([aService()], [], false).take())).toEqual([row]);
});

test('an answer follows each change of a service and of its tasks, and its tag follows the answer', async () => {
  const { there, take } = world([aService()], [aTask()]);
  const first = await take();
  expect((await take()).etag).toBe(first.etag);
  there.services = [aService({ labels: { 'com.df.notify': 'true', 'com.df.port': '80' } })];
  const second = await take();
  expect(rows(second)).toEqual([{ distribute: 'true', port: '80', replicas: '1', serviceName: 'web' }]);
  there.tasks = [aTask({ state: 'failed' })];
  expect(rows(await take())).toEqual([]);
  there.services = [aService()];
  there.tasks = [aTask({ id: 'another' })];
  expect((await take()).etag).toBe(first.etag);
  expect(second.etag).not.toBe(first.etag);
});

test('secrets are masked for those without the token, whatever destination they belong to', async () => {
  const labels = {
    'com.df.notify': 'true',
    'com.df.users': 'admin:hunter2',
    'com.df.serviceCert': 'PEM',
    'com.df.users.2': 'eve:x',
    'com.df.port': '80',
  };
  const { whole, masked } = await world([aService({ labels })], [aTask()]).snapshots();
  expect(whole.body()).toContain('hunter2');
  expect(rows(masked())).toEqual([
    {
      distribute: 'true',
      port: '80',
      replicas: '1',
      serviceCert: '***',
      serviceName: 'web',
      users: '***',
      'users.2': '***',
    },
  ]);
  expect(masked().etag).not.toBe(whole.etag);
});

test('who asks for it hears of services of which nothing runs right now, beside the others', async () => {
  const labels = { 'com.df.notify': 'true', 'com.df.users': 'admin:hunter2' };
  const down = aService({ id: 'down', name: 'down', labels });
  const { snapshots, there } = world([aService(), down], [aTask()]);
  const { whole, complete } = await snapshots();
  const web = { distribute: 'true', replicas: '1', serviceName: 'web' };
  expect(rows(whole)).toEqual([web]);
  expect(rows(complete('masked'))).toEqual({
    services: [web],
    notRunning: [{ ...web, serviceName: 'down', users: '***' }],
  });
  expect(complete('whole').body()).toContain('hunter2');
  there.tasks = [aTask(), aTask({ id: 'other', serviceId: 'down' })];
  const after = (await snapshots()).complete('whole');
  expect(rows(after)).toMatchObject({ services: [{ serviceName: 'down' }, web], notRunning: [] });
  expect(after.etag).not.toBe(complete('whole').etag);
});
