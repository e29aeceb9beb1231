import { expect, test } from '@jest/globals';
import { nodeCreateParameters, nodeIdentity, nodeRemoveParameters } from './node-parameters.js';
import { aNode } from '../../testing/swarm-objects.js';

test("a node's label beats its engine's, and our own facts beat both", () => {
  const node = aNode({
    engineLabels: { 'com.df.zone': 'engine', 'com.df.rack': '7', 'com.df.id': 'evil' },
    labels: { 'com.df.zone': 'node', 'com.df.role': 'evil', 'com.df.': 'bare' },
  });
  expect(nodeCreateParameters(node)).toEqual({
    zone: 'node',
    rack: '7',
    id: 'node-1',
    hostname: 'host-1',
    address: '192.168.0.1',
    versionIndex: '7',
    state: 'ready',
    role: 'worker',
    availability: 'active',
  });
});

test('a remove says which node it was and nothing else', () => {
  expect(nodeRemoveParameters(aNode({ labels: { 'com.df.zone': 'a' } }))).toEqual({
    id: 'node-1',
    hostname: 'host-1',
    address: '192.168.0.1',
  });
});

test('heartbeats, which only raise the version index, are no change; everything else that is sent is', () => {
  const before = nodeIdentity(aNode());
  expect(nodeIdentity(aNode({ versionIndex: 8 }))).toBe(before);
  for (const change of [
    { hostname: 'other' },
    { state: 'down' },
    { address: '10.0.0.9' },
    { role: 'manager' },
    { availability: 'drain' },
    { labels: { 'com.df.zone': 'a' } },
    { engineLabels: { 'com.df.zone': 'a' } },
  ])
    expect(nodeIdentity(aNode(change))).not.toBe(before);
  const moved = [aNode({ labels: { 'com.df.a': '1' } }), aNode({ engineLabels: { 'com.df.a': '1' } })];
  expect(nodeIdentity(moved[0] ?? aNode())).not.toBe(nodeIdentity(moved[1] ?? aNode()));
});
