import { expect, test } from '@jest/globals';
import { cameThroughProxy } from './through-proxy.js';

test.each([
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded',
  'forwarded',
  'via',
  'x-real-ip',
  'x-original-url',
])('a request with %s came through a proxy', (name) => {
  expect(cameThroughProxy({ host: 'a', [name]: '' })).toBe(true);
});

test('one without did not, as far as it tells', () => {
  expect(cameThroughProxy({ host: 'a', 'x-forward': '1', 'user-agent': 'via' })).toBe(false);
});
