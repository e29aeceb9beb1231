import { expect, test } from '@jest/globals';
import { failureInWords, unexcused, type Failure, type FaultWindow } from './excused-failures.js';
import { growth, restarted, type ProcessFigures } from './process-growth.js';
import { secretsIn } from './secrets-in-text.js';

const failure: Failure = {
  beganMs: 100,
  endedMs: 120,
  proxy: 'p1',
  service: 'steady-a',
  problem: 'status 503',
};
const window: FaultWindow = { fault: 'kill', fromMs: 110, untilMs: 200, excuse: 'proxy', proxy: 'p1' };

test.each<[string, Partial<FaultWindow>, boolean]>([
  ['through the proxy that was hit', {}, true],
  ['through another one', { proxy: 'p2' }, false],
  ['through another one while a node was off', { proxy: 'p2', excuse: 'all' }, true],
  ['that was over before', { fromMs: 121 }, false],
  ['that began later', { untilMs: 99 }, false],
  ['while something broke that must harm nobody', { excuse: 'none' }, false],
])('a failure %s', (_what, change, isExcused) => {
  expect(unexcused([failure], [{ ...window, ...change }])).toEqual(isExcused ? [] : [failure]);
});

test('a failure says when, through which proxy and what', () => {
  expect(failureInWords(failure)).toBe(
    '1970-01-01T00:00:00.100Z steady-a through p1: status 503 after 20 ms',
  );
});

const figures: ProcessFigures = {
  container: 'c1',
  program: 'monitor',
  memoryMb: 100,
  descriptors: 30,
  haproxies: 0,
};

test('memory and descriptors are compared with those of the same container at first', () => {
  const grown = { ...figures, memoryMb: 201, descriptors: 71 };
  expect(growth([figures, { ...figures, memoryMb: 500 }], [grown])).toEqual([
    'monitor holds 201 MB, 100 MB at first',
    'monitor has 71 descriptors open, 30 at first',
  ]);
  expect(growth([figures], [{ ...figures, memoryMb: 200, descriptors: 70 }])).toEqual([]);
  expect(growth([figures], [{ ...grown, container: 'c2' }])).toEqual([]);
});

test('a restart is excused by a fault of the program, or of a node', () => {
  const later = { ...figures, container: 'c2' };
  expect(restarted([figures], [later, { ...later, container: 'c3' }], new Set())).toEqual(['monitor']);
  expect(restarted([figures], [figures], new Set())).toEqual([]);
  expect(restarted([], [later], new Set())).toEqual([]);
  for (const excuse of ['monitor', 'all'])
    expect(restarted([figures], [later], new Set([excuse]))).toEqual([]);
});

test('secrets are reported by name', () => {
  const secrets = [
    { name: 'api_token', value: 'abc' },
    { name: 'password', value: 'xyz' },
    { name: 'none', value: '' },
  ];
  expect(secretsIn('token abc', secrets)).toEqual(['api_token']);
});
