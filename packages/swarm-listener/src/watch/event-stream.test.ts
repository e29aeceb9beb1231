import { afterEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createEventWatch, type EventWatch } from './event-stream.js';
import type { SwarmEvent } from '../ports.js';

const SILENCE_MS = 50;
const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** Streams that open, speak and break when the test says so. */
function world() {
  const log: string[] = [];
  const breaks: ((error?: Error) => void)[] = [];
  let say: (hint: SwarmEvent) => void = () => undefined;
  const watch: EventWatch = createEventWatch({
    type: 'service',
    docker: {
      negotiate: () => Promise.reject(new Error('not now')),
      follow: (_type, { onOpen, onEvent }, signal) =>
        new Promise((resolve, reject) => {
          say = onEvent;
          breaks.push((error) => (error ? reject(error) : resolve()));
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          onOpen();
        }),
    },
    onOpen: () => log.push('open'),
    onEvent: ({ id }) => log.push(id),
    onBreak: () => log.push('break'),
    logger: silentLogger(),
    reconnectMs: 1,
    silenceMs: SILENCE_MS,
  });
  const stop = new AbortController();
  stops.push(stop);
  const ended = watch.run(stop.signal);
  const opened = async (times: number) => {
    while (breaks.length < times) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  return { watch, log, breaks, opened, say: (hint: SwarmEvent) => say(hint), stop, ended };
}

const hint = { id: 'a', removed: false, name: 'web' };

test('a stream that ends or breaks is opened again, and each time everything is compared', async () => {
  const { watch, log, breaks, opened, say } = world();
  await opened(1);
  say(hint);
  breaks[0]?.();
  await opened(2);
  breaks[1]?.(new Error('ECONNRESET'));
  await opened(3);
  say(hint);
  expect(log).toEqual(['open', 'a', 'break', 'open', 'break', 'open', 'a']);
  expect(watch.state().open).toBe(true);
});

test('one that has said nothing of a change is opened anew, and that is no break', async () => {
  const { watch, log, opened } = world();
  await opened(1);
  watch.compared(performance.now(), 0);
  watch.compared(performance.now(), 1);
  await opened(2);
  expect(log).toEqual(['open', 'open']);
});

test('one that tells of the change a little later is left alone', async () => {
  const { watch, log, opened, say } = world();
  await opened(1);
  watch.compared(performance.now(), 0);
  watch.compared(performance.now(), 1);
  say(hint);
  await new Promise((resolve) => setTimeout(resolve, 2 * SILENCE_MS));
  expect(log).toEqual(['open', 'a']);
});

test('what happened before a stream was opened is not held against it', async () => {
  const { watch, log, opened } = world();
  const beforeMs = performance.now();
  await opened(1);
  // One that began before, and the first one after.
  watch.compared(beforeMs, 3);
  watch.compared(performance.now(), 3);
  await new Promise((resolve) => setTimeout(resolve, 2 * SILENCE_MS));
  expect(log).toEqual(['open']);
});

test('that Docker is still away is said once, not every second', async () => {
  let attempts = 0;
  const said: unknown[] = [];
  const stop = new AbortController();
  stops.push(stop);
  const watch = createEventWatch({
    type: 'node',
    docker: {
      negotiate: () => Promise.resolve('1.41'),
      follow: () => {
        attempts += 1;
        if (attempts === 5) stop.abort();
        return Promise.reject(new Error('ECONNREFUSED'));
      },
    },
    onOpen: () => undefined,
    onEvent: () => undefined,
    onBreak: () => undefined,
    logger: { ...silentLogger(), error: (message, fields) => said.push([message, fields]) },
    reconnectMs: 1,
  });
  await watch.run(stop.signal);
  expect(said).toEqual([['Event stream broke', { stream: 'node', reason: 'ECONNREFUSED' }]]);
});

test('which API version is spoken is said when it is news', async () => {
  const versions = ['1.44', '1.44', '1.51'];
  const said: string[] = [];
  const stop = new AbortController();
  stops.push(stop);
  const watch = createEventWatch({
    type: 'service',
    docker: {
      negotiate: () => Promise.resolve(versions.shift() ?? ''),
      follow: () => {
        if (versions.length === 0) stop.abort();
        return Promise.resolve();
      },
    },
    onOpen: () => undefined,
    onEvent: () => undefined,
    onBreak: () => undefined,
    logger: { ...silentLogger(), info: (message) => said.push(message) },
    reconnectMs: 1,
  });
  await watch.run(stop.signal);
  expect(said).toEqual(['Using Docker Client API version: 1.44', 'Using Docker Client API version: 1.51']);
});

test('at the end it ends and does not complain', async () => {
  const { log, opened, stop, ended } = world();
  await opened(1);
  stop.abort();
  await ended;
  expect(log).toEqual(['open']);
});
