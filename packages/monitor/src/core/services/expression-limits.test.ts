import { describe, expect, test } from '@jest/globals';
import { DEEPEST_NESTING, expressionProblem, LONGEST_EXPRESSION } from './expression-limits.js';

function nested(depth: number): string {
  return `${'('.repeat(depth)}up${')'.repeat(depth)} > 0`;
}

test.each([
  'sum(rate(x{a="b"}[5m])) > 0',
  nested(DEEPEST_NESTING),
  `up{a="${'('.repeat(1_000)}"} > 0`,
  `up{a='\\'${'('.repeat(1_000)}'} > 0`,
  `up > 0 # ${'('.repeat(1_000)}`,
  'x'.repeat(LONGEST_EXPRESSION),
])('an expression that somebody may well write passes, whatever it holds (%#)', (expression) =>
  expect(expressionProblem(expression)).toBeUndefined(),
);

describe('an expression that nobody has to check', () => {
  test('is one of more than 16 KiB', () =>
    expect(expressionProblem('x'.repeat(LONGEST_EXPRESSION + 1))).toContain('at most 16384'));

  test('is one of very many parentheses, whichever they are', () => {
    expect(expressionProblem(nested(DEEPEST_NESTING + 1))).toContain('nested');
    expect(expressionProblem('{(['.repeat(70))).toContain('nested');
    expect(expressionProblem(`"#"${'('.repeat(201)}`)).toContain('nested');
  });
});
