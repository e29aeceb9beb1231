import { expect, test } from '@jest/globals';
import { runActors, type Actor } from './lifecycle.js';
import { silentLogger } from '../log/logger.js';

const logger = silentLogger();
const never = new AbortController().signal;

function untilAbort(name: string, seen: string[]): Actor {
  return {
    name,
    run: (signal) =>
      new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => {
          seen.push(name);
          resolve();
        });
      }),
  };
}

test('a stop ends all parts with status 0', async () => {
  const seen: string[] = [];
  const stop = new AbortController();
  const ended = runActors([untilAbort('a', seen), untilAbort('b', seen)], { logger, stop: stop.signal });
  stop.abort();
  expect(await ended).toBe(0);
  expect(seen).toEqual(['a', 'b']);
});

test('a part that fails stops the others with status 1', async () => {
  const seen: string[] = [];
  const failing: Actor = { name: 'x', run: () => Promise.reject(new Error('boom')) };
  expect(await runActors([untilAbort('a', seen), failing], { logger, stop: never })).toBe(1);
  expect(seen).toEqual(['a']);
});

test('the status that a part answers is the status of the program', async () => {
  expect(await runActors([{ name: 'child', run: () => Promise.resolve(3) }], { logger, stop: never })).toBe(
    3,
  );
});

test('a part that does not end is waited for no longer than the grace', async () => {
  const stop = AbortSignal.abort();
  expect(
    await runActors([{ name: 'stuck', run: () => new Promise(() => undefined) }], {
      logger,
      stop,
      graceMs: 20,
    }),
  ).toBe(0);
});
