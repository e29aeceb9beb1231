import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bisectRejected, type BisectOptions } from './bisect.js';

/** Rejected when `reason` says so; counts how often that was asked. */
async function bisect<T>(
  suspects: readonly T[],
  reason: (included: ReadonlySet<T>) => string | undefined,
  options?: BisectOptions,
) {
  let checks = 0;
  const rejected = await bisectRejected(
    suspects,
    (included) => {
      checks += 1;
      return Promise.resolve(reason(included));
    },
    options,
  );
  return { rejected: [...rejected], names: [...rejected.keys()], checks };
}

const thousand = Array.from({ length: 1_000 }, (_, i) => i);

test('finds one of a thousand in about ten checks', async () => {
  for (const bad of [0, 1, 499, 500, 700, 999]) {
    const { names, checks } = await bisect(thousand, (included) => (included.has(bad) ? 'bad' : undefined));
    expect(names).toEqual([bad]);
    expect(checks).toBeLessThanOrEqual(12);
  }
});

test('finds exactly the bad ones, each with its own reason', async () => {
  const { rejected, checks } = await bisect(thousand, (included) =>
    included.has(3) ? 'three' : included.has(700) ? 'seven hundred' : undefined,
  );
  expect(rejected).toEqual([
    [3, 'three'],
    [700, 'seven hundred'],
  ]);
  expect(checks).toBeLessThanOrEqual(30);
});

test('of two that are rejected only together, the later one goes', async () => {
  const { rejected } = await bisect(['a', 'b', 'c', 'd', 'e'], (included) =>
    included.has('b') && included.has('d') ? 'both' : undefined,
  );
  expect(rejected).toEqual([['d', 'both']]);
});

test('what only waits for something behind it stays', async () => {
  // As with variables: `action` wants `target`, `cert` and `key` want each other, and two more are simply bad.
  const { names } = await bisect(
    ['name', 'bad', 'action', 'cert', 'worse', 'target', 'more', 'key'],
    (included) =>
      included.has('bad') ||
      included.has('worse') ||
      (included.has('action') && !included.has('target')) ||
      included.has('cert') !== included.has('key')
        ? 'rejected'
        : undefined,
  );
  expect(names).toEqual(['bad', 'worse']);
});

test('a single suspect takes one check, and none when it is known why all are rejected', async () => {
  const isBad = () => 'bad';
  expect(await bisect(['a'], isBad)).toMatchObject({ rejected: [['a', 'bad']], checks: 1 });
  expect(await bisect(['a'], isBad, { reason: 'as told' })).toMatchObject({
    rejected: [['a', 'as told']],
    checks: 0,
  });
});

test('no suspects take no check', async () => {
  expect(await bisect([], () => 'bad')).toMatchObject({ rejected: [], checks: 0 });
});

test('when everything is accepted nothing is rejected, after one check', async () => {
  expect(await bisect(thousand, () => undefined)).toMatchObject({ rejected: [], checks: 1 });
});

test('a check that fails ends the search', async () => {
  await expect(bisectRejected(['a'], () => Promise.reject(new Error('no haproxy')))).rejects.toThrow(
    'no haproxy',
  );
});

test('whatever is bad, the rest is accepted, and no set is checked twice', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.nat(60)),
      fc.uniqueArray(fc.nat(60)),
      fc.array(fc.tuple(fc.nat(60), fc.nat(60))),
      async (suspects, bad, foes) => {
        const seen = new Set<string>();
        const rejected = await bisectRejected(suspects, (included) => {
          const key = [...included].sort((a, b) => a - b).join();
          expect(seen).not.toContain(key);
          seen.add(key);
          return Promise.resolve(isRejected(included) ? 'rejected' : undefined);
        });
        function isRejected(included: ReadonlySet<number>): boolean {
          return (
            bad.some((one) => included.has(one)) ||
            foes.some(([one, other]) => one !== other && included.has(one) && included.has(other))
          );
        }
        const accepted = suspects.filter((one) => !rejected.has(one));
        expect(isRejected(new Set(accepted))).toBe(false);
        // And none of them is left out without need.
        for (const one of rejected.keys()) expect(isRejected(new Set([...accepted, one]))).toBe(true);
      },
    ),
  ));
