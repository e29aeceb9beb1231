import { expect, test } from '@jest/globals';
import { ScalerServices } from '../readings/scaler.js';
import type { Pieces } from '../readings/readings.js';
import { serviceRow } from './service-row.js';

function row(pieces: Pieces, problems: Parameters<typeof serviceRow>[0]['problems'] = []) {
  return serviceRow({ service: 'shop_web', pieces, rules: new Map(), problems });
}

function scaled(wanted: number, running: number, more: object = {}): Pieces {
  const { services } = ScalerServices.parse({
    services: [
      {
        id: '1',
        name: 'shop_web',
        stack: 'shop',
        replicas: { wanted, running },
        min: { value: 2, from: '' },
        max: { value: 4, from: '' },
        ...more,
      },
    ],
  });
  return { scaler: { service: services[0]! } };
}

test.each([
  [3, 3, []],
  [4, 4, ['at-bound']],
  [2, 2, ['at-bound']],
  [3, 2, ['scaling']],
])('with %d wanted and %d running the flags are %j', (wanted, running, flags) => {
  expect(row(scaled(wanted, running)).flags).toEqual([...flags, 'no-route']);
});

test('tasks of a service that is not scaled are counted, too', () => {
  expect(row({ scaler: { tasks: { wanted: 2, running: 1 } } })).toMatchObject({
    wanted: 2,
    running: 1,
    badness: 400,
    flags: ['scaling', 'no-route'],
  });
  // One on each node.
  const global = row({ scaler: { tasks: { running: 3 } } });
  expect([global.running, global.wanted, global.badness]).toEqual([3, undefined, 0]);
});

test('the stack is cut off the name', () => {
  expect(row(scaled(2, 2))).toMatchObject({ stack: 'shop', short: 'web' });
  expect(row({})).toMatchObject({ stack: 'shop', short: 'web' });
});

test('what was rejected is worse than a target that is down, and that than tasks that do not run', () => {
  const down = { prometheus: { targets: [{ url: '', health: 'down', lastError: '' }], traffic: {} } };
  const rejected = [{ source: 'proxy', service: 'shop_web', kind: 'rejected', text: '' }] as const;
  const badness = [row({}, rejected), row(down), row(scaled(3, 1)), row(scaled(4, 4)), row(scaled(3, 3))];
  const numbers = badness.map((one) => one.badness);
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  expect(new Set(numbers).size).toBe(5);
});

test('a service that somebody stopped lacks nothing', () => {
  expect(row(scaled(0, 0, { stopped: true })).badness).toBe(0);
});
