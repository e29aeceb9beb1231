import { describe, expect, test } from '@jest/globals';
import { buildServiceRecord } from '../core/services/service-record.js';
import { NOTHING_REMOVED, rejectedAlerts, type Change } from '../core/services/monitor-state.js';
import { fakeWorld } from '../testing/fake-installation.js';
import { recordSettings } from '../testing/world.js';
import { createServiceRequests } from './service-requests.js';

function world() {
  const { installer, prometheus } = fakeWorld();
  const order: string[] = [];
  const submitted: Change[] = [];
  const counted: string[] = [];
  const requests = createServiceRequests({
    changes: {
      submit(change) {
        order.push(`submit ${change.kind}`);
        submitted.push(change);
        const removed = { ...NOTHING_REMOVED, node: { zone: 'old' } };
        return Promise.resolve({ record: undefined, jobRejection: undefined, removed, failure: 'down' });
      },
    },
    installer,
    describe: (parameters) => buildServiceRecord(parameters, recordSettings()),
    services: { noted: (name, parameters) => order.push(`${parameters ? 'there' : 'gone'} ${name}`) },
    nodes: { noted: (id, parameters) => order.push(`${parameters ? 'there' : 'gone'} node ${id}`) },
    metrics: { notified: (kind) => counted.push(kind) },
    nodeTargetLabels: ['zone'],
  });
  return { requests, order, submitted, counted, prometheus };
}

test('the feed hears of every notification before it is submitted', async () => {
  const { requests, order, counted } = world();
  await requests.reconfigure('web', { serviceName: 'web' });
  await requests.remove('web');
  await requests.reconfigureNode('n1', { id: 'n1' });
  await requests.removeNode('n1');
  expect(order).toEqual([
    'there web',
    'submit put-service',
    'gone web',
    'submit remove-service',
    'there node n1',
    'submit put-node',
    'gone node n1',
    'submit remove-node',
  ]);
  expect(counted).toEqual(['reconfigure', 'remove', 'node-reconfigure', 'node-remove']);
});

test('a change that failed is answered with what was asked for', async () => {
  const { requests } = world();
  const { record, failure } = await requests.reconfigure('web', { serviceName: 'web', scrapePort: '80' });
  expect([record.scrape?.port, failure]).toEqual([80, 'down']);
});

test('of a node the listed labels count', async () => {
  const { requests, submitted } = world();
  expect(await requests.reconfigureNode('n1', { id: 'n1', zone: 'a', rack: '7' })).toEqual({
    labels: { zone: 'a' },
    failure: 'down',
  });
  expect(submitted).toEqual([{ kind: 'put-node', id: 'n1', labels: { zone: 'a' } }]);
  expect(await requests.removeNode('n1')).toEqual({ labels: { zone: 'old' }, failure: 'down' });
});

describe('a dry run', () => {
  test('checks alerts, and installs, submits and counts nothing', async () => {
    const { requests, order, counted, prometheus } = world();
    const record = await requests.dryRun({ serviceName: 'a', alertName: 'x', alertIf: 'REJECTED' });
    expect(rejectedAlerts(record)).toEqual([{ alertName: 'x', reason: 'contains REJECTED' }]);
    expect([order, counted, prometheus.reloads]).toEqual([[], [], 0]);
  });
});
