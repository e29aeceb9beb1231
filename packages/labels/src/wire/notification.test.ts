import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeQuery,
  encodeParameters,
  encodeQueryText,
  firstValues,
  lastValues,
  notificationUrl,
  readRows,
} from './notification.js';

describe('the query of a notification', () => {
  test('is sorted by bytes and encoded as the original does', () => {
    expect(encodeParameters({ servicePath: '/demo', Zeta: "it's *~ (ü)", distribute: 'true' })).toBe(
      'Zeta=it%27s+%2A~+%28%C3%BC%29&distribute=true&servicePath=%2Fdemo',
    );
  });

  test('comes back as it was sent, whatever the labels hold', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1 }), fc.string({ unit: 'grapheme' })),
        (labels) => {
          const sent = { ...labels };
          expect({ ...firstValues(decodeQuery(encodeParameters(sent))) }).toEqual(sent);
        },
      ),
    );
  });

  test.each([
    ['a b', 'a+b'],
    ['~-._', '~-._'],
    ['\n', '%0A'],
    ['😀', '%F0%9F%98%80'],
  ])('encodes %j as %s', (text, encoded) => expect(encodeQueryText(text)).toBe(encoded));

  test('keeps escapes that are broken', () => {
    expect(decodeQuery('a=%zz&b')).toEqual([
      ['a', '%zz'],
      ['b', ''],
    ]);
  });

  test('gives the first or the last of repeated values', () => {
    const pairs = decodeQuery('a=1&a=2');
    expect(firstValues(pairs)['a']).toBe('1');
    expect(lastValues(pairs)['a']).toBe('2');
  });
});

test('a receiver with a query of its own gets that first', () => {
  expect(notificationUrl('http://h:8080/p?z=1&a=x#frag', { serviceName: 's' })).toBe(
    'http://h:8080/p?a=x&z=1&serviceName=s',
  );
});

test('rows with numbers and booleans count as text, other rows are skipped', () => {
  expect(readRows([{ a: 1, b: true, c: 'x', d: {} }, 3, null])).toEqual([{ a: '1', b: 'true', c: 'x' }]);
  expect(readRows({ a: 1 })).toBeUndefined();
});
