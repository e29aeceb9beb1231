import { expect, test } from '@jest/globals';
import { decidedCounts } from './quiet-point.js';

const set = { count: 2, atMs: 1_000, isAsked: false };
const scaled = { service: 'oak', outcome: 'scaled', to: 3, atMs: 2_000, lastAtMs: 2_000 };

test.each([
  ['the walk set it, and nobody was asked since', set, [], 2],
  ['the scaler was asked since, and has forgotten', { ...set, isAsked: true }, [], undefined],
  ['the scaler changed it later', { ...set, isAsked: true }, [scaled], 3],
  ['the scaler changed it before', set, [{ ...scaled, lastAtMs: 500 }], 2],
  ['the scaler changed it twice', set, [scaled, { ...scaled, to: 1, lastAtMs: 3_000 }], 1],
  ['the scaler changed another one', set, [{ ...scaled, service: 'elm' }], 2],
  ['somebody else changed it', set, [{ ...scaled, outcome: 'noticed' }], 2],
])('%s', (_what, count, activities, decided) => {
  expect(decidedCounts(new Map([['oak', count]]), activities).get('oak')).toBe(decided);
});
