import { expect, test } from '@jest/globals';
import {
  boolean,
  choice,
  integer,
  list,
  listenAddress,
  readEnvironment,
  text,
  duration,
  seconds,
} from './environment.js';
import { InvalidConfigurationError } from '../errors.js';

const shape = {
  NAME: text('demo'),
  RETRY: integer(50, { min: 0 }),
  DEBUG: boolean(false),
  URLS: list(),
  MODE: choice(['GET', 'POST'], 'GET'),
  DF_LISTEN_ADDRESS: listenAddress(),
};

test('unset variables have their defaults', () => {
  expect(readEnvironment(shape, {})).toEqual({
    NAME: 'demo',
    RETRY: 50,
    DEBUG: false,
    URLS: [],
    MODE: 'GET',
    DF_LISTEN_ADDRESS: { host: '0.0.0.0', port: 8080 },
  });
});

test('all problems are reported at once, each with variable, value and what would be right', () => {
  const read = () => readEnvironment(shape, { RETRY: 'many', DEBUG: 'yes', MODE: 'PUT' });
  expect(read).toThrow(InvalidConfigurationError);
  expect(read).toThrow('RETRY="many" is not a whole number; expected a whole number of at least 0');
  expect(read).toThrow('DEBUG="yes" is not a boolean');
  expect(read).toThrow('MODE="PUT" is not known; expected one of GET, POST');
});

test('list items are trimmed', () => {
  expect(readEnvironment(shape, { URLS: 'http://a/x, http://b/y,' }).URLS).toEqual([
    'http://a/x',
    'http://b/y',
  ]);
});

test.each([
  [':9000', { host: '0.0.0.0', port: 9000 }],
  ['127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  ['[::1]:80', { host: '::1', port: 80 }],
])('%s is an address to listen on', (value, address) =>
  expect(readEnvironment(shape, { DF_LISTEN_ADDRESS: value }).DF_LISTEN_ADDRESS).toEqual(address),
);

test('a number may be forbidden to be set but empty', () => {
  expect(() => readEnvironment({ N: integer(1, { emptyIsUnset: false }) }, { N: '' })).toThrow(
    'N="" is not a whole number',
  );
});

test.each([
  ['30', 30_000],
  ['30s', 30_000],
  ['1m30s', 90_000],
])('a duration may be written as %s', (text, ms) => {
  const shape = { D: duration(1), S: seconds(1) };
  expect(readEnvironment(shape, { D: text, S: text })).toEqual({ D: ms, S: ms / 1_000 });
});
