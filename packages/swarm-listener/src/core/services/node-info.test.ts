import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nodeInfoOf, otherNetworks } from './node-info.js';
import { aNode, aService, aTask, nodesOf } from '../../testing/swarm-objects.js';

const service = aService({ labels: { 'com.df.scrapeNetwork': 'monitor' } });
const nodes = nodesOf(aNode(), aNode({ id: 'node-2', hostname: 'host-2' }));

test('names host, address on the scrape network and node of each running task, each once', () => {
  const tasks = [
    aTask({ nodeId: 'node-2', addresses: [{ network: 'monitor', address: '10.0.1.9' }] }),
    aTask(),
    aTask({ id: 'task-2' }),
  ];
  expect(nodeInfoOf(service, tasks, nodes, 'with addresses')).toBe(
    '[["host-1","10.0.1.5","node-1"],["host-2","10.0.1.9","node-2"]]',
  );
  expect(nodeInfoOf(service, tasks, nodes, 'without addresses')).toBe(
    '[["host-1","","node-1"],["host-2","","node-2"]]',
  );
});

test('the first attachment may be any network or none', () => {
  const addresses = [
    { network: 'ingress', address: '10.255.0.3' },
    { network: 'monitor', address: '10.0.1.7' },
  ];
  expect(nodeInfoOf(service, [aTask({ addresses })], nodes, 'with addresses')).toContain('10.0.1.7');
});

test.each([
  ['monitor', 'monitor'],
  ['"monitor"', 'monitor'],
  ['monitor', 'shop_monitor'],
])('scrapeNetwork=%s means the network %s of stack shop', (value, network) => {
  const inStack = aService({ stack: 'shop', labels: { 'com.df.scrapeNetwork': value } });
  const addresses = [
    { network: 'shop_back', address: '10.0.2.7' },
    { network, address: '10.0.3.4' },
  ];
  expect(nodeInfoOf(inStack, [aTask({ addresses })], nodes, 'with addresses')).toContain('10.0.3.4');
  expect(otherNetworks(inStack, [aTask({ addresses })], 'with addresses')).toEqual([]);
});

test('the network of exactly that name comes first', () => {
  const inStack = aService({ stack: 'shop', labels: { 'com.df.scrapeNetwork': 'monitor' } });
  const addresses = [
    { network: 'monitor', address: '10.0.1.7' },
    { network: 'shop_monitor', address: '10.0.3.4' },
  ];
  expect(nodeInfoOf(inStack, [aTask({ addresses })], nodes, 'with addresses')).toContain('10.0.1.7');
});

test('when no running task is on the scrape network, the others are named', () => {
  const addresses = [{ network: 'shop_back', address: '10.0.2.7' }];
  expect(otherNetworks(service, [aTask({ addresses })], 'with addresses')).toEqual(['shop_back']);
  expect(otherNetworks(service, [aTask({ addresses, state: 'failed' })], 'with addresses')).toEqual([]);
  expect(otherNetworks(service, [aTask({ addresses })], 'without addresses')).toEqual([]);
});

test('tasks of a job are wanted complete while they run', () => {
  const job = aTask({ desiredState: 'complete' });
  expect(nodeInfoOf(service, [job], nodes, 'with addresses')).toBeDefined();
  expect(nodeInfoOf(service, [{ ...job, state: 'complete' }], nodes, 'with addresses')).toBeUndefined();
});

test.each([
  ['does not run yet', { state: 'starting' }],
  ['is wanted shut down', { desiredState: 'shutdown' }],
  ['is not on that network', { addresses: [{ network: 'other', address: '10.0.0.1' }] }],
  ['is on a node nobody knows', { nodeId: 'node-9' }],
])('a task that %s does not count; with none left there is no node information', (_why, change) => {
  expect(nodeInfoOf(service, [aTask(change)], nodes, 'with addresses')).toBeUndefined();
});

test('services without the label, and all when it is switched off, have none', () => {
  expect(nodeInfoOf(aService(), [aTask()], nodes, 'with addresses')).toBeUndefined();
  expect(nodeInfoOf(service, [aTask()], nodes, 'off')).toBeUndefined();
});

test('the same tasks give the same bytes, in whatever order Docker lists them', () => {
  const task = fc.record({
    nodeId: fc.constantFrom('node-1', 'node-2', 'node-9'),
    address: fc.constantFrom('10.0.1.1', '10.0.1.2', '10.0.1.10'),
    state: fc.constantFrom('running', 'failed'),
  });
  fc.assert(
    fc.property(
      fc
        .array(task)
        .chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))),
      ([one, other]) => {
        const info = (list: typeof one) =>
          nodeInfoOf(
            service,
            list.map(({ nodeId, address, state }) =>
              aTask({ nodeId, state, addresses: [{ network: 'monitor', address }] }),
            ),
            nodes,
            'with addresses',
          );
        expect(info(other)).toBe(info(one));
      },
    ),
  );
});
