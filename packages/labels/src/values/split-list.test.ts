import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitList } from './split-list.js';

describe('a list is cut at its commas', () => {
  test.each<[string, readonly string[]]>([
    ['', ['']],
    ['/a', ['/a']],
    ['/a,/b', ['/a', '/b']],
    [',/a,', ['', '/a', '']],
    ['a, b', ['a', ' b']],
  ])('%s', (text, items) => expect(splitList(text)).toEqual(items));
});

describe('but not inside of', () => {
  test.each<[string, readonly string[]]>([
    ['Access-Control-Allow-Methods "GET, POST",X-A b', ['Access-Control-Allow-Methods "GET, POST"', 'X-A b']],
    ["X-A 'a, b',X-B c", ["X-A 'a, b'", 'X-B c']],
    ['X-A "say \\"a, b\\", c",d', ['X-A "say \\"a, b\\", c"', 'd']],
    ['X-Path %[path,lower],X-B c', ['X-Path %[path,lower]', 'X-B c']],
    ['X-A %[req.hdr(a,1),field(1,:)],b', ['X-A %[req.hdr(a,1),field(1,:)]', 'b']],
    [
      'acl a hdr_ip(X-Forwarded-For,-2) 10.0.0.0/8,acl b src ::1',
      ['acl a hdr_ip(X-Forwarded-For,-2) 10.0.0.0/8', 'acl b src ::1'],
    ],
    ['((a,b),(c,d)),e', ['((a,b),(c,d))', 'e']],
    ['^/v[0-9]{1,2}/,^/w{3,}$,x{,2}', ['^/v[0-9]{1,2}/', '^/w{3,}$', 'x{,2}']],
    ['max(sum(x{a="b,c"}), 1),5m', ['max(sum(x{a="b,c"}), 1)', '5m']],
    ['")",(a,")")', ['")"', '(a,")")']],
  ])('%s', (text, items) => expect(splitList(text)).toEqual(items));
});

describe('a sign without its partner is an ordinary character', () => {
  test.each<[string, readonly string[]]>([
    ['a",b', ['a"', 'b']],
    ["it's,that's,all", ["it's", "that's", 'all']],
    ['(a,b', ['(a', 'b']],
    ['a),b', ['a)', 'b']],
    ['%[a,b', ['%[a', 'b']],
    ['a],b', ['a]', 'b']],
    ['((a,b),c', ['((a,b)', 'c']],
    ['%[a(b,c],d', ['%[a(b,c]', 'd']],
    ['(a%[b,c),d]', ['(a%[b,c)', 'd]']],
    ['{a,b},[c,d]', ['{a', 'b}', '[c', 'd]']],
    ['^/a\\(,^/b\\)', ['^/a\\(', '^/b\\)']],
    ['a\\",b\\"', ['a\\"', 'b\\"']],
    ['a\\,b', ['a\\', 'b']],
    ['100%,[x]', ['100%', '[x]']],
  ])('%s', (text, items) => expect(splitList(text)).toEqual(items));
});

test('another separator may have more than one character, an empty one cuts nothing', () => {
  expect(splitList('a;;(b;;c);;d', ';;')).toEqual(['a', '(b;;c)', 'd']);
  expect(splitList('a,b', '')).toEqual(['a,b']);
});

const pieces = fc.array(
  fc.constantFrom(',', ',', '"', "'", '(', ')', '%[', ']', '[', '{1,2}', '{', '\\', 'a', ' ', '%'),
  { maxLength: 30 },
);

test('nothing is lost: joined by the separator the items are the text', () => {
  fc.assert(
    fc.property(
      pieces.map((all) => all.join('')),
      (text) => expect(splitList(text).join(',')).toBe(text),
    ),
  );
});

test('without signs it is an ordinary split', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '/', ',', '.', '*', '-', ':', 'ü') });
  fc.assert(fc.property(text, (one) => expect(splitList(one)).toEqual(one.split(','))));
});

test('a group with its partners is never cut, whatever stands before and behind', () => {
  const plain = fc.string({ unit: fc.constantFrom('a', ',', ' ', '1'), maxLength: 6 });
  const { group } = fc.letrec<{ group: string }>((tie) => ({
    group: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('"a,b"', '{1,2}', '{,7}'),
      fc
        .tuple(fc.constantFrom(['(', ')'], ['%[', ']']), plain, tie('group'), plain)
        .map(([[open = '', close = ''], before, inner, behind]) => open + before + inner + behind + close),
    ),
  }));
  fc.assert(
    fc.property(plain, group, plain, (before, whole, behind) => {
      const expected = before.split(',');
      const [first = '', ...rest] = behind.split(',');
      const last = expected.pop() ?? '';
      expect(splitList(before + whole + behind)).toEqual([...expected, last + whole + first, ...rest]);
    }),
  );
});

test.each(['"', "'", '(', '%[', '{1', '\\', '(,', '%[(', ')', "',"])(
  'many %s take no longer than their number asks for',
  (sign) => {
    const text = `${sign.repeat(100_000)},`;
    const before = process.cpuUsage();
    splitList(text);
    const { user } = process.cpuUsage(before);
    // Some 20 ms; time that grows with the square of the length would be more than ten seconds.
    expect(user / 1_000).toBeLessThan(5_000);
  },
);
