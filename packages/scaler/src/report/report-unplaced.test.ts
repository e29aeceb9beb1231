import { expect, test } from '@jest/globals';
import { scaleService } from '../services/scale-service.js';
import { reportServiceScaling } from './report-service.js';
import { createWorld } from '../testing/world.js';
import { until } from '../testing/until.js';

const request = { kind: 'step', direction: 'up', by: undefined } as const;

test('people are told of tasks that no node can take, and further steps up wait for them', async () => {
  const world = createWorld();
  const { swarm, scaling, reporters, list, clock, messages, state } = world;
  swarm.add({ name: 'web', replicas: 2, labels: { 'com.df.scaleMax': '9' } });
  const asked = { service: 'web', request, dryRun: false, group: undefined };
  const requester = { name: 'a person', channel: 'api' } as const;
  reportServiceScaling({ ...asked, requester }, await scaleService(asked, scaling), reporters);
  swarm.tasks.push({
    id: 't3',
    serviceId: 'id-web',
    state: 'pending',
    desiredState: 'running',
    error: 'no suitable node (insufficient resources on 1 node)',
    nodeId: '',
    slot: 1,
    createdAtMs: clock.nowMs,
    stateAtMs: clock.nowMs,
    nanoCpus: 0,
    memoryBytes: 0,
    addresses: [],
  });
  swarm.running.set('web', 2);
  clock.nowMs += 11_000;
  await list.refresh();
  await until(() => messages.length === 2);
  expect(messages[1]).toBe(
    'web has 3 replicas, and 1 of its tasks cannot be placed: no suitable node (insufficient resources on 1 node)',
  );
  expect(state.activities().at(-1)).toMatchObject({ outcome: 'failed', service: 'web' });
  const next = await scaleService(asked, scaling);
  expect(next.message).toBe(
    'web stays at 3 replicas: 1 of its tasks cannot be placed: no suitable node (insufficient resources on 1 node)',
  );
  expect(swarm.replicasOf('web')).toBe(3);
});
