import { expect, test } from '@jest/globals';
import { fuzzParameters, growthOfTime } from './fuzz.js';

test('unit tests try the same samples each time, a long run as many as it is told', () => {
  expect(fuzzParameters(10, {})).toEqual(fuzzParameters(10, {}));
  expect(fuzzParameters(10, {}).numRuns).toBe(10);
  expect(fuzzParameters(10, { FUZZ_RUNS: '5000', FUZZ_SEED: '7' })).toEqual({ numRuns: 5_000, seed: 7 });
});

test('work whose time grows with the square is told from work that only takes long', () => {
  const spin = (rounds: number) => {
    let sum = 0;
    for (let i = 0; i < rounds; i += 1) sum += Math.sqrt(i);
    return sum;
  };
  expect(
    growthOfTime((length) => spin(length * 2_000), { length: 100, factor: 8, noiseMs: 10 }),
  ).toBeLessThan(24);
  expect(
    growthOfTime((length) => spin(length * length * 2), { length: 100, factor: 8, noiseMs: 10 }),
  ).toBeGreaterThan(24);
});
