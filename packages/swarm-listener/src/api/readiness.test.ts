import { expect, test } from '@jest/globals';
import { readinessOf, type ReadinessInput } from './readiness.js';

const good: ReadinessInput = {
  synced: { services: true, nodes: true },
  docker: { answering: true, reason: undefined },
  streams: { service: { open: true, sinceMs: 0, reason: undefined } },
};

test('ready when Docker answers and everything was looked at once', () => {
  expect(readinessOf(good)).toEqual({
    ready: true,
    problems: [],
    streams: { service: { open: true, since: '1970-01-01T00:00:00.000Z' } },
  });
});

test('a stream that is down is said, since when and why, and does not count', () => {
  const streams = { service: { open: false, sinceMs: 1_000, reason: 'ECONNRESET' } };
  const { ready, streams: said } = readinessOf({ ...good, streams });
  expect([ready, said['service']]).toEqual([
    true,
    { open: false, since: '1970-01-01T00:00:01.000Z', reason: 'ECONNRESET' },
  ]);
});

test('every reason not to be ready is named', () => {
  const { ready, problems } = readinessOf({
    ...good,
    synced: { services: false, nodes: false },
    docker: { answering: false, reason: 'no leader' },
  });
  expect(ready).toBe(false);
  expect(problems).toHaveLength(3);
  expect(problems.join()).toMatch(/no leader.*services.*nodes/);
});
