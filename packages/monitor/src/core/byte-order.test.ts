import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareBytes } from '@docker-flow/labels';
import { byteOrder } from './byte-order.js';

test('capitals come before small letters, and n10 before n2', () =>
  expect(['n2', 'b', 'n10', 'B', '_', 'a'].sort(byteOrder)).toEqual(['B', '_', 'a', 'b', 'n10', 'n2']));

test('is the order of UTF-8 bytes for every text', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      expect(Math.sign(byteOrder(a, b))).toBe(Math.sign(compareBytes(a, b)));
    }),
  ));
