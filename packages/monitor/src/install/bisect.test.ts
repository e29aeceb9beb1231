import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isolateCulprits } from './bisect.js';

test('finds exactly the bad ones, in far fewer tries than there are suspects', async () => {
  const suspects = Array.from({ length: 1_000 }, (_, i) => i);
  let tries = 0;
  const culprits = await isolateCulprits(suspects, (included) => {
    tries += 1;
    return Promise.resolve([3, 700].some((bad) => included.has(bad)) ? 'bad' : undefined);
  });
  expect([...culprits.keys()]).toEqual([3, 700]);
  expect(tries).toBeLessThan(50);
});

test('of two that are refused only together, the later one goes', async () => {
  const together = (included: ReadonlySet<string>) =>
    Promise.resolve(included.has('b') && included.has('d') ? 'both' : undefined);
  expect([...(await isolateCulprits(['a', 'b', 'c', 'd', 'e'], together))]).toEqual([['d', 'both']]);
});

test('what only waits for something behind it is no culprit', async () => {
  // As with variables: `action` wants `target`, `cert` and `key` want each other, and two more are simply bad.
  const refusal = (included: ReadonlySet<string>) => {
    const isRefused =
      included.has('bad') ||
      included.has('worse') ||
      (included.has('action') && !included.has('target')) ||
      included.has('cert') !== included.has('key');
    return Promise.resolve(isRefused ? 'refused' : undefined);
  };
  const suspects = ['name', 'bad', 'action', 'cert', 'worse', 'target', 'more', 'key'];
  expect([...(await isolateCulprits(suspects, refusal)).keys()]).toEqual(['bad', 'worse']);
});

test('a single suspect is tried once', async () => {
  let tries = 0;
  await isolateCulprits(['bad'], () => {
    tries += 1;
    return Promise.resolve('bad');
  });
  expect(tries).toBe(1);
});

test('whatever is bad, the rest passes', () =>
  fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(60)), fc.uniqueArray(fc.nat(60)), async (suspects, bad) => {
      const culprits = await isolateCulprits(suspects, (included) =>
        Promise.resolve(bad.some((one) => included.has(one)) ? 'bad' : undefined),
      );
      expect([...culprits.keys()].sort()).toEqual(suspects.filter((one) => bad.includes(one)).sort());
    }),
  ));
