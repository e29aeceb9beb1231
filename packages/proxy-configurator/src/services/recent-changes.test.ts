import { expect, test } from '@jest/globals';
import type { Run } from '../ports.js';
import { createRecentChanges } from './recent-changes.js';

function run(outcome: Run['outcome'], durationMs: number): Run {
  return { outcome, reason: 'services', services: ['web'], verdicts: new Map(), durationMs };
}

test('the last changes are kept, the newest first, and runs that changed nothing are not', () => {
  let now = 1_000;
  const changes = createRecentChanges(() => now);
  for (let i = 0; i < 25; i += 1) {
    now += 1;
    changes.add(run(i % 2 === 0 ? 'reloaded' : 'servers', i));
    changes.add(run('unchanged', i));
  }
  expect(changes.list()).toHaveLength(20);
  expect(changes.list()[0]).toEqual({
    atMs: 1_025,
    outcome: 'reloaded',
    reason: 'services',
    services: ['web'],
    durationMs: 24,
  });
  expect(changes.list().at(-1)?.durationMs).toBe(5);
});
