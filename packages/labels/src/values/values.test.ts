import { expect, test } from '@jest/globals';
import { readBoolean } from './boolean.js';
import { readDuration } from './duration.js';
import { readInteger, readPort } from './integer.js';
import { formatIssue } from './parsed.js';

test.each(['abc', '', '0', '65536', '-1', '+80', ' 80', '8080.5'])('%j is not a port', (text) =>
  expect(readPort(text).ok).toBe(false),
);
test('a port is read as a number', () => expect(readPort('8080')).toEqual({ ok: true, value: 8080 }));

test.each([
  ['30s', 30_000],
  ['1h30m', 5_400_000],
  ['0', 0],
  ['250ms', 250],
])('%s lasts %d ms', (text, ms) => expect(readDuration(text)).toEqual({ ok: true, value: ms }));
test.each(['', '30', 's', '5m1h', '1.5h', 'abc', '9999999y'])('%j is not a duration', (text) =>
  expect(readDuration(text).ok).toBe(false),
);

test('booleans have the spellings of the originals', () => {
  expect(readBoolean('T')).toEqual({ ok: true, value: true });
  expect(readBoolean('yes').ok).toBe(false);
});

test('an integer out of range says what would be right', () => {
  expect(readInteger('7', { min: 1, max: 5 })).toEqual({
    ok: false,
    problem: 'is out of range',
    expected: 'a whole number from 1 to 5',
  });
});

test.each([
  ['http://ann:s3cret@sso.test/verify', 'http://***@sso.test/verify'],
  ['https://sso.test/verify?realm=a&api_token=s3cret', 'https://sso.test/verify?realm=a&api_token=***'],
  [`http://${'a'.repeat(115)}:s3cret@sso.test/`, 'http://***@sso.test/'],
])('what is told of %s has no password', (value, shown) => {
  const told = formatIssue({
    service: 'web',
    label: 'authUrl',
    value,
    problem: 'is not a URL of a server',
    expected: 'one',
  });
  expect(told).toContain(`authUrl="${shown}"`);
});
