import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareAddresses, createNameResolver } from './name-resolver.js';

test('addresses are sorted by number, the same on every replica', () => {
  expect(['10.0.0.10', '10.0.0.9', '9.0.0.1', 'fe80::1'].sort(compareAddresses)).toEqual([
    '9.0.0.1',
    '10.0.0.9',
    '10.0.0.10',
    'fe80::1',
  ]);
});

test('the order does not depend on the order of the answer', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.ipV4(), fc.ipV6())), (addresses) => {
      const sorted = [...addresses].sort(compareAddresses);
      expect([...addresses].reverse().sort(compareAddresses)).toEqual(sorted);
    }),
  );
});

test('a name of the hosts file is found, one that leads nowhere is no failure', async () => {
  const resolver = createNameResolver();
  expect(await resolver.lookup('localhost')).toEqual(['127.0.0.1']);
  expect(await resolver.lookup('nobody.invalid')).toEqual([]);
});
