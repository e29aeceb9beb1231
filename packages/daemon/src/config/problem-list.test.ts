import { expect, test } from '@jest/globals';
import { InvalidConfigurationError } from '../errors.js';
import { createProblemList, problemsOf } from './problem-list.js';
import { integer, readEnvironment } from './environment.js';

test('all problems are told at once', () => {
  const list = createProblemList();
  expect(list.attempt(() => 1)).toBe(1);
  expect(
    list.attempt(() => readEnvironment({ A: integer(1), B: integer(2) }, { A: 'x', B: 'y' })),
  ).toBeUndefined();
  const fail = (): number => {
    throw new InvalidConfigurationError('one thing');
  };
  expect(list.attempt(fail)).toBeUndefined();
  list.add('another thing');
  expect(list.isAny()).toBe(true);
  expect(problemsOf(list.error())).toEqual([
    expect.stringMatching(/^A="x" is not/),
    expect.stringMatching(/^B="y" is not/),
    'one thing',
    'another thing',
  ]);
});

test('without a problem there is no error, and faults go through', () => {
  const list = createProblemList();
  list.attempt(() => 1);
  expect(list.isAny()).toBe(false);
  expect(() =>
    list.attempt(() => {
      throw new TypeError('a fault');
    }),
  ).toThrow(TypeError);
});
