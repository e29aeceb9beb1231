import { expect, test } from '@jest/globals';
import {
  boolean,
  duration,
  integer,
  list,
  listenAddress,
  optionalText,
  text,
} from '@docker-flow/daemon/config/environment';
import { describeDefault, type Variable } from './describe-default.js';

test.each<[string, Variable, string | undefined]>([
  ['a text', text('proxy'), 'proxy'],
  ['no text', text(), undefined],
  ['nothing', optionalText(), undefined],
  ['a number', integer(50), '50'],
  ['a switch', boolean(false), 'false'],
  ['a list', list(['GET', 'PUT']), 'GET,PUT'],
  ['an empty list', list(), undefined],
  ['an address', listenAddress(), '0.0.0.0:8080'],
])('%s is shown as a user would write it', (_what, variable, shown) => {
  expect(describeDefault(variable)).toBe(shown);
});

test.each([
  [180_000, '3m'],
  [90_000, '90s'],
  [1_500, '1500ms'],
])('a duration of %d ms is %s', (ms, shown) => {
  expect(describeDefault(duration(ms), 'duration')).toBe(shown);
});
