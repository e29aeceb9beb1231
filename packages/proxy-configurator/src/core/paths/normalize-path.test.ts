import { describe, expect, test } from '@jest/globals';
import { normalizeExpression, normalizePath, normalizePattern } from './normalize-path.js';

describe('the path for decisions', () => {
  test.each([
    ['/demo/%61dmin', '/demo/admin'],
    ['/demo//admin', '/demo/admin'],
    ['/demo/.//./admin/x', '/demo/admin/x'],
    ['/demo%2Fadmin', '/demo/admin'],
    ['/demo\\admin', '/demo/admin'],
    ['/demo/;a=1/admin;v', '/demo/admin'],
    ['/a/.', '/a/'],
    ['//.hidden/...', '/.hidden/...'],
    ['/a..b/..c/d..', '/a..b/..c/d..'],
    ['/%2561', '/%61'],
    ['/stra%C3%9Fe', '/straße'],
    ['/%FF', '/ÿ'],
  ])('%s is %s', (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  test.each([
    '/a/../b',
    '/a/..',
    '/%2e./b',
    '/a/..;x/b',
    '/a\\..\\b',
    '/a%2f..%2fb',
    '/%',
    '/%6',
    '/%zz',
    '/a%00',
  ])('%s is ambiguous', (path) => {
    expect(normalizePath(path)).toBeUndefined();
  });
});

test.each([
  ['/stra%C3%9Fe', '/straße'],
  ['/a//b', '/a//b'],
  ['/50%', '/50%'],
  ['/%FF', '/%FF'],
  ['/a%0Ahttp-request', '/a%0Ahttp-request'],
])('the path %s of a label is compared as %s', (pattern, compared) => {
  expect(normalizePattern(pattern)).toBe(compared);
});

test('what is decoded in a regular expression stands for itself', () => {
  expect(normalizeExpression('^/a%2Eb%20(c|d)/%0A')).toBe('^/a\\.b (c|d)/%0A');
});
