import { describe, expect, test } from '@jest/globals';
import { classifyProblem, type AuthorityProblem, type Step } from './failure.js';

describe('what a refusal means', () => {
  const problem = (changes: Partial<AuthorityProblem>): AuthorityProblem => ({
    status: 400,
    type: undefined,
    detail: '',
    subproblems: [],
    retryAfterMs: undefined,
    ...changes,
  });
  test.each<[Partial<AuthorityProblem>, Step, string]>([
    [{ status: undefined, detail: 'refused' }, 'newOrder', 'authority'],
    [{ status: 500 }, 'newOrder', 'authority'],
    [{ status: 404 }, 'finalize', 'authority'],
    [{ status: 404 }, 'resume', 'order'],
    [{ status: 500, type: 'serverInternal' }, 'finalize', 'authority'],
    [{ type: 'badNonce' }, 'newOrder', 'authority'],
    [{ status: 429, type: 'rateLimited', detail: 'too many certificates' }, 'newOrder', 'rate limited'],
    [{ status: 429, type: 'rateLimited', detail: 'too many orders by this account' }, 'newOrder', 'account'],
    [{ status: 429, type: 'rateLimited' }, 'newAccount', 'account'],
    [{ type: 'externalAccountRequired' }, 'newAccount', 'account'],
    [{ type: 'accountDoesNotExist' }, 'newOrder', 'account lost'],
    [{ type: 'rejectedIdentifier', detail: 'policy forbids b.test' }, 'newOrder', 'names'],
    [{ type: 'malformed', detail: 'no' }, 'newOrder', 'order'],
    [{ type: 'badCSR' }, 'finalize', 'order'],
  ])('%j at %s: %s', (changes, step, kind) => {
    expect(classifyProblem(problem(changes), step, ['a.test', 'b.test']).kind).toBe(kind);
  });

  test('names come from subproblems, or from the words', () => {
    const subproblems = [{ name: 'B.test', type: 'caa', detail: 'forbidden' }];
    expect(
      classifyProblem(problem({ type: 'compound', subproblems }), 'newOrder', ['a.test', 'b.test']),
    ).toEqual({
      kind: 'names',
      failed: [{ name: 'b.test', reason: 'caa: forbidden' }],
    });
    const words = problem({ type: 'dns', detail: 'looking up A for b.test: SERVFAIL, not bb.test' });
    expect(classifyProblem(words, 'finalize', ['a.test', 'b.test', 'test'])).toMatchObject({
      failed: [{ name: 'b.test' }],
    });
  });
});
