import { describe, expect, test } from '@jest/globals';
import { comparisonOf, matchesAny } from './pattern-match.js';

describe('how a fetch compares', () => {
  test.each([
    ['path', 'str', false],
    ['path_beg', 'beg', false],
    ['path_reg -i', 'reg', true],
    ['path -m end', 'end', false],
    ['hdr_dom(host) -i', 'dom', true],
    ['req.ssl_sni -i -m beg', 'beg', true],
    ['hdr(host)', 'str', false],
  ] as const)('%s is %s', (fetch, method, ignoresCase) => {
    expect(comparisonOf(fetch)).toEqual({ method, ignoresCase });
  });
});

test.each([
  ['path_beg', '/demonstration', '/demo', true],
  ['path', '/demo/x', '/demo', false],
  ['path_end', '/a.php', '.php', true],
  ['path_sub', '/a/secret/b', 'secret', true],
  ['path_dir', '/a/b/c', 'b', true],
  ['path_dir', '/a/b/c', '/a/b/', true],
  ['path_dir', '/abc', 'b', false],
  ['hdr_dom(host) -i', 'www.ACME.test:80', 'acme.test', true],
  ['hdr_dom(host) -i', 'notacme.test', 'acme.test', false],
  ['path_reg', '/v12/x', '^/v[0-9]+/', true],
  ['path_len', '/abc', '4', true],
  ['path_beg', '/DEMO', '/demo', false],
  ['path_beg -i', '/DEMO', '/demo', true],
])('%s: %s against %s is %s', (fetch, text, pattern, expected) => {
  expect(matchesAny(text, ['/nothing', pattern], comparisonOf(fetch))).toBe(expected);
});

test('an expression that only HAProxy understands is left open, unless another pattern fits', () => {
  const how = comparisonOf('path_reg');
  expect(matchesAny('/a', ['(?>a)'], how)).toBeUndefined();
  expect(matchesAny('/a', ['(?>a)', '^/a$'], how)).toBe(true);
});
