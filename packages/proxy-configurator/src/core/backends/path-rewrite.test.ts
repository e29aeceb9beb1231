import { expect, test } from '@jest/globals';
import { rewritePath } from './path-rewrite.js';

function expression(...rewrites: Parameters<typeof rewritePath>[0]): string | undefined {
  const [line] = rewritePath(rewrites);
  return line?.kind === 'words' ? line.words[2] : undefined;
}

test('pairs feed each other, and the last step gives the path its slash back', () => {
  expect(
    expression({ search: '^/a', replace: '', flags: '' }, { search: 'b', replace: 'c', flags: 'gi' }),
  ).toBe('%[path,regsub("^/a",""),regsub("b","c",gi),regsub("^([^/]|$)","/\\\\1")]');
});

test('quotes and backslashes stay inside their argument', () => {
  expect(expression({ search: '"\\d', replace: '\\1"', flags: '' })).toContain(
    'regsub("\\"\\\\d","\\\\1\\"")',
  );
});

test('without a rewrite there is no rule', () => {
  expect(rewritePath([])).toEqual([]);
});
