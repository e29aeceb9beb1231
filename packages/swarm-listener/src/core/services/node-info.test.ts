import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nodeInfoOf } from './node-info.js';
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
