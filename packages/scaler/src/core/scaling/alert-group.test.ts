import { expect, test } from '@jest/globals';
import { judgePost, rememberPost, type GroupMemory, type GroupPost } from './alert-group.js';

const WINDOW = { windowMs: 5_000 };

function post(seconds: number, firing: string, change: Partial<GroupPost> = {}): GroupPost {
  return {
    peer: 'a',
    firing: firing === '' ? [] : firing.split(' '),
    hidden: 0,
    atMs: seconds * 1_000,
    ...change,
  };
}

/** What each post of a history is taken for. */
function verdicts(...posts: readonly GroupPost[]): string {
  let memory: GroupMemory | undefined;
  const all = posts.map((one) => {
    const verdict = judgePost(memory, one, WINDOW);
    memory = rememberPost(memory, one, verdict);
    return verdict;
  });
  return all.join(' ');
}

test('a group that goes on firing asks again; what was resolved does not', () => {
  expect(verdicts(post(0, 'x y z'), post(10, 'y z'), post(20, 'z'), post(300, 'z'))).toBe(
    'news subset subset news',
  );
  expect(verdicts(post(0, 'x'), post(2, 'x'), post(10, 'x'))).toBe('news repeated news');
});

test('an alert that was not there before, or started anew, is news', () => {
  expect(verdicts(post(0, 'x@1'), post(10, 'x@1 y@2'), post(20, 'y@2'), post(30, 'x@9 y@2'))).toBe(
    'news news subset news',
  );
});

test('what came within the window is still new after it', () => {
  expect(verdicts(post(0, 'x'), post(2, 'x y'), post(10, 'x y'))).toBe('news repeated news');
});

test('the second Alertmanager delivers a copy, once; what it delivers again is a repetition', () => {
  const b = { peer: 'b' };
  expect(verdicts(post(0, 'x'), post(7, 'x', b), post(20, 'x', b))).toBe('news copy news');
  expect(verdicts(post(0, 'x'), post(7, 'x', b), post(300, 'x'), post(307, 'x', b))).toBe(
    'news copy news copy',
  );
  expect(verdicts(post(0, 'x'), post(7, 'x y', b), post(14, 'x y'))).toBe('news news copy');
});

test('another Alertmanager after a long time repeats for one that is gone', () => {
  expect(verdicts(post(0, 'x'), post(3_600, 'x', { peer: 'b' }))).toBe('news news');
});

test('of alerts that are not shown nobody can say that they were resolved', () => {
  expect(verdicts(post(0, 'x y z'), post(10, 'y', { hidden: 2 }))).toBe('news news');
  expect(verdicts(post(0, 'x y', { hidden: 3 }), post(10, 'y', { hidden: 3 }))).toBe('news subset');
  expect(verdicts(post(0, 'x y', { hidden: 3 }), post(10, 'x y', { hidden: 2 }))).toBe('news subset');
  expect(verdicts(post(0, 'x y', { hidden: 3 }), post(10, 'x y', { hidden: 3 }))).toBe('news news');
});

test('a post without alerts has no identity but its time', () => {
  expect(verdicts(post(0, ''), post(2, ''), post(6, '', { peer: 'b' }))).toBe('news repeated news');
});
