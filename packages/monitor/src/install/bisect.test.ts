import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bisectRejected } from './bisect.js';

test('finds exactly the bad ones, in far fewer tries than there are suspects', async () => {
  const suspects = Array.from({ length: 1_000 }, (_, i) => i);
  let tries = 0;
  const rejected = await bisectRejected(suspects, (included) => {
    tries += 1;
    return Promise.resolve([3, 700].some((bad) => included.has(bad)) ? 'bad' : undefined);
  });
  expect([...rejected.keys()]).toEqual([3, 700]);
  expect(tries).toBeLessThan(50);
});

test('of two that are rejected only together, the later one goes', async () => {
  const together = (included: ReadonlySet<string>) =>
    Promise.resolve(included.has('b') && included.has('d') ? 'both' : undefined);
  expect([...(await bisectRejected(['a', 'b', 'c', 'd', 'e'], together))]).toEqual([['d', 'both']]);
});

test('what only waits for something behind it is not rejected', async () => {
  // As with variables: `action` wants `target`, `cert` and `key` want each other, and two more are simply bad.
  const check = (included: ReadonlySet<string>) => {
    const isRejected =
      included.has('bad') ||
      included.has('worse') ||
      (included.has('action') && !included.has('target')) ||
      included.has('cert') !== included.has('key');
    return Promise.resolve(isRejected ? 'rejected' : undefined);
  };
  const suspects = ['name', 'bad', 'action', 'cert', 'worse', 'target', 'more', 'key'];
  expect([...(await bisectRejected(suspects, check)).keys()]).toEqual(['bad', 'worse']);
});

test('a single suspect is tried once', async () => {
  let tries = 0;
  await bisectRejected(['bad'], () => {
    tries += 1;
    return Promise.resolve('bad');
  });
  expect(tries).toBe(1);
});

test('whatever is bad, the rest passes', () =>
  fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(60)), fc.uniqueArray(fc.nat(60)), async (suspects, bad) => {
      const rejected = await bisectRejected(suspects, (included) =>
        Promise.resolve(bad.some((one) => included.has(one)) ? 'bad' : undefined),
      );
      expect([...rejected.keys()].sort()).toEqual(suspects.filter((one) => bad.includes(one)).sort());
    }),
  ));
