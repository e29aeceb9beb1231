import { expect, test } from '@jest/globals';
import { describeNodeChange, describeWaitTimeout, describeWaiting, isWaitOver } from './node-text.js';

test.each([
  [
    { kind: 'change', direction: 'up', from: 3, to: 4, pinnedBy: undefined },
    'Changing the number of worker nodes on aws from 3 to 4',
  ],
  [
    { kind: 'at-bound', direction: 'up', bound: 'max' },
    'worker nodes are already scaled to the maximum number of 3 nodes',
  ],
  [
    { kind: 'at-bound', direction: 'down', bound: 'min' },
    'worker nodes are already descaled to the minimum number of 3 nodes',
  ],
] as const)('%j', (change, message) => {
  expect(describeNodeChange('worker', 'aws', 3, change)).toBe(message);
});

test('more nodes than asked for are enough after going up, fewer after going down', () => {
  const up = { role: 'worker', from: 1, to: 3 };
  const down = { role: 'worker', from: 3, to: 1 };
  expect([2, 3, 4].map((ready) => isWaitOver(up, ready))).toEqual([false, true, true]);
  expect([0, 1, 2].map((ready) => isWaitOver(down, ready))).toEqual([true, true, false]);
});

test('times are whole seconds while waiting and six decimals at the end', () => {
  const wait = { role: 'worker', from: 1, to: 2 };
  expect(describeWaiting(wait, 60_000)).toBe(
    'Waited 60 seconds for a total of 2 worker nodes to come online',
  );
  expect(describeWaitTimeout(wait, 1_000)).toBe(
    'Timeout: waited 1.000000 seconds for 2 worker nodes to activate',
  );
});
