import { expect, test } from '@jest/globals';
import { createNodeModel, type NodeModel } from './node-model.js';
import { aNode } from '../../testing/swarm-objects.js';

const ready = aNode();
const down = aNode({ state: 'down' });

function model(change: { hasReceivers?: boolean; downIsGone?: boolean } = {}): NodeModel {
  return createNodeModel({ hasReceivers: true, downIsGone: true, ...change });
}

function steps(
  of: NodeModel,
  ...looks: readonly [Parameters<NodeModel['observe']>[1], Parameters<NodeModel['observe']>[2]][]
) {
  return looks.map(([node, cause]) => {
    const { actions, services } = of.observe('node-1', node, cause);
    return `${actions[0]?.kind ?? 'nothing'}, ${services}`;
  });
}

test('a node that goes down is removed once, not announced as down by the next poll, and new when it is back', () => {
  expect(
    steps(
      model(),
      [ready, 'initialSync'],
      [down, 'event'],
      [down, 'event'],
      [down, 'compare'],
      [ready, 'compare'],
    ),
  ).toEqual([
    'present, nothing',
    'absent, initialSync',
    'nothing, nothing',
    'nothing, nothing',
    'present, resend',
  ]);
});

test('without events a node that is down is announced as down', () => {
  const polled = model({ downIsGone: false });
  polled.observe('node-1', ready, 'initialSync');
  expect(polled.observe('node-1', down, 'compare').actions).toMatchObject([
    { kind: 'present', announcement: { create: { state: 'down' } } },
  ]);
});

test('heartbeats do not send services again, changes do', () => {
  expect(
    steps(
      model(),
      [ready, 'initialSync'],
      [aNode({ versionIndex: 99 }), 'event'],
      [aNode({ availability: 'drain' }), 'event'],
    ),
  ).toEqual(['present, nothing', 'present, nothing', 'present, resend']);
});

test('a node of which only an earlier run of the program has told is removed when no list has it', () => {
  expect(steps(model(), [undefined, 'initialSync'])).toEqual(['absent, nothing']);
});

test('a node that vanishes is removed; one that nobody knows is no news', () => {
  expect(steps(model(), [ready, 'initialSync'], [undefined, 'event'], [undefined, 'event'])).toEqual([
    'present, nothing',
    'absent, initialSync',
    'nothing, nothing',
  ]);
});

test('at the start a node is announced in whatever state; later nobody hears of one that was down all along', () => {
  expect(steps(model(), [down, 'initialSync'])).toEqual(['present, nothing']);
  expect(steps(model(), [down, 'event'])).toEqual(['nothing, nothing']);
});

test('without receivers nodes are remembered from their first event on', () => {
  const quiet = model({ hasReceivers: false });
  expect(steps(quiet, [ready, 'initialSync'], [ready, 'event'])).toEqual([
    'nothing, nothing',
    'present, resend',
  ]);
});
