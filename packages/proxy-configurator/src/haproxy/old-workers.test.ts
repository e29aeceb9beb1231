import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { watchOldWorkers } from './old-workers.js';

const children: ChildProcess[] = [];
const stop = new AbortController();
afterEach(() => {
  stop.abort();
  for (const child of children) child.kill('SIGKILL');
});

/** Waits for ever, as the main thread of a worker that hangs. */
function start(): ChildProcess {
  const child = spawn('sleep', ['600'], { stdio: 'ignore' });
  children.push(child);
  return child;
}

test('a worker that does not run any more is ended and told, one that is stopped is left alone', async () => {
  const [hung, stopped] = [start(), start()];
  stopped.kill('SIGSTOP');
  const pids = [hung, stopped].map(({ pid }) => pid ?? 0);
  const said: unknown[] = [];
  const logger = { ...silentLogger(), warn: (...words: readonly unknown[]) => said.push(words) };
  let nowMs = 0;
  const watching = watchOldWorkers({
    oldWorkers: () => Promise.resolve(pids),
    logger,
    everyMs: 20,
    nowMs: () => (nowMs += 50_000),
  }).run(stop.signal);
  await once(hung, 'exit');
  stop.abort();
  await watching;
  expect(hung.signalCode).toBe('SIGKILL');
  expect([stopped.exitCode, stopped.signalCode]).toEqual([null, null]);
  expect(said).toEqual([['An old worker of HAProxy hangs and is ended', { pid: hung.pid }]]);
});
