import { expect, test } from '@jest/globals';
import { announceNode, announceService } from './announce.js';
import { aNode, aService, someRules } from '../../testing/swarm-objects.js';

const rules = someRules({ namePrefix: 'east' });

test('a service is announced under the name that receivers see, with the receivers its label names', () => {
  const service = aService({ labels: { 'com.df.notifyService': 'proxy' } });
  const announcement = announceService(service, rules, 'identity', undefined);
  expect(announcement).toMatchObject({ name: 'east_web', revision: 'identity', notifyService: 'proxy' });
  expect(announcement.create['serviceName']).toBe('east_web');
  expect(announcement.remove['serviceName']).toBe('east_web');
});

test('other node information is another revision', () => {
  const revisions = [undefined, '[["a","","1"]]', '[["b","","2"]]'].map(
    (info) => announceService(aService(), rules, 'identity', info).revision,
  );
  expect(new Set(revisions).size).toBe(3);
});

test('a node is called by its id and goes to all receivers', () => {
  const announcement = announceNode(aNode({ labels: { 'com.df.notifyService': 'proxy' } }));
  expect(announcement).toMatchObject({ name: 'node-1', notifyService: undefined });
});
