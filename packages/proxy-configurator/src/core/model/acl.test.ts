import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WITHOUT_ROOT_DOT, acl, domainAcl, splitDomains, withIgnoreCase } from './acl.js';
import type { Line } from './directives.js';

function words(lines: readonly Line[]): readonly (readonly string[])[] {
  return lines.map((one) => (one.kind === 'words' ? one.words : []));
}

test('patterns stand behind --, so none of them is taken for a flag', () => {
  expect(words(acl('url_a', 'path_beg -i', ['-f', '/x']))).toEqual([
    ['acl', 'url_a', 'path_beg', '-i', '--', '-f', '/x'],
  ]);
});

test('no patterns, no acl: HAProxy would refuse one', () => {
  expect(acl('url_a', 'path_beg', [])).toEqual([]);
});

test('any number of patterns fits into lines of at most 64 words, in order and none lost', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { maxLength: 200 }), (patterns) => {
      const lines = words(acl('a', 'path_beg -i', patterns));
      expect(lines.every((one) => one.length <= 64)).toBe(true);
      expect(lines.flatMap((one) => one.slice(one.indexOf('--') + 1))).toEqual(patterns);
    }),
  );
});

test('a wildcard is a suffix of the host with and without its port; other values keep the algorithm', () => {
  expect(splitDomains(['a.test', '*.b.test'])).toEqual({ plain: ['a.test'], suffixes: ['.b.test'] });
  expect(words(domainAcl('d', ['a.test', '*.b.test'], 'hdr(host)'))).toEqual([
    ['acl', 'd', 'hdr(host)', '-i', '--', 'a.test'],
    ['acl', 'd', `req.hdr(host),${WITHOUT_ROOT_DOT}`, '-i', '-m', 'str', '--', 'a.test'],
    ['acl', 'd', 'req.hdr(host)', '-i', '-m', 'end', '--', '.b.test'],
    ['acl', 'd', 'req.hdr(host),field(1,:),rtrim(.)', '-i', '-m', 'end', '--', '.b.test'],
  ]);
});

test.each([
  ['hdr_beg(host)', 'hdr_beg(host) -i'],
  ['req.ssl_sni -m end', 'req.ssl_sni -i -m end'],
  ['hdr(host) -i', 'hdr(host) -i'],
])('%s ignores case as %s', (algo, expected) => {
  expect(withIgnoreCase(algo)).toBe(expected);
});
