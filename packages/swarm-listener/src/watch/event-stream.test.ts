import { afterEach, expect, test } from '@jest/globals';
import { silentLogger, type Logger } from '@docker-flow/daemon/log/logger';
import { createFakeClock, settled } from '@docker-flow/daemon/testing/fake-clock';
import type { EventHandlers, SwarmEvent } from '../ports.js';
import { createEventStream } from './event-stream.js';

const RECONNECT_MS = 1_000;
const SILENCE_MS = 2_000;
const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** Streams that open, speak and break when the test says so. */
async function world() {
  const log: string[] = [];
  const breaks: ((error?: Error) => void)[] = [];
  let say: (event: SwarmEvent) => void = () => undefined;
  const clock = createFakeClock(10_000);
  const stream = createEventStream({
    type: 'service',
    swarm: {
      follow: (_type, { onOpen, onEvent }, signal) =>
        new Promise((resolve, reject) => {
          say = onEvent;
          breaks.push((error) => (error ? reject(error) : resolve()));
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          onOpen(undefined);
        }),
    },
    logger: silentLogger(),
    clock,
  });
  const stop = new AbortController();
  stops.push(stop);
  const handlers = {
    onOpen: () => log.push('open'),
    onEvent: ({ id }: SwarmEvent) => log.push(id),
    onBreak: () => log.push('break'),
  };
  const ended = stream.run(handlers, stop.signal);
  await settled();
  return { stream, log, breaks, clock, say: (event: SwarmEvent) => say(event), stop, ended };
}

const event = { id: 'a', removed: false, name: 'web' };

test('a stream that ends or breaks is opened again, and each time everything is compared', async () => {
  const { stream, log, breaks, clock, say } = await world();
  say(event);
  breaks[0]?.();
  await clock.advance(RECONNECT_MS);
  breaks[1]?.(new Error('ECONNRESET'));
  await clock.advance(RECONNECT_MS);
  say(event);
  expect(log).toEqual(['open', 'a', 'break', 'open', 'break', 'open', 'a']);
  expect(stream.state().open).toBe(true);
});

test('one that has said nothing of a change is opened anew, and that is no break', async () => {
  const { stream, log, clock } = await world();
  stream.compared(clock.nowMs(), 0);
  stream.compared(clock.nowMs(), 1);
  await clock.advance(SILENCE_MS);
  expect(log).toEqual(['open', 'open']);
});

test('one that tells of the change a little later is left alone', async () => {
  const { stream, log, clock, say } = await world();
  await clock.advance(SILENCE_MS);
  stream.compared(clock.nowMs(), 0);
  stream.compared(clock.nowMs(), 1);
  await clock.advance(SILENCE_MS / 2);
  say(event);
  await clock.advance(2 * SILENCE_MS);
  expect(log).toEqual(['open', 'a']);
});

test('what happened before a stream was opened is not held against it', async () => {
  const { stream, log, clock } = await world();
  // One that began before, and the first one after.
  stream.compared(clock.nowMs() - 1, 3);
  stream.compared(clock.nowMs(), 3);
  await clock.advance(2 * SILENCE_MS);
  expect(log).toEqual(['open']);
});

/** A stream that cannot be opened; ends after so many attempts. */
async function follow(
  attempts: number,
  logger: Partial<Logger>,
  onAttempt: (handlers: EventHandlers) => void = () => undefined,
) {
  const clock = createFakeClock();
  const stop = new AbortController();
  stops.push(stop);
  let made = 0;
  const stream = createEventStream({
    type: 'node',
    swarm: {
      follow(_type, handlers) {
        made += 1;
        if (made === attempts) stop.abort();
        onAttempt(handlers);
        return Promise.reject(new Error('ECONNREFUSED'));
      },
    },
    logger: { ...silentLogger(), ...logger },
    clock,
  });
  const ended = stream.run(
    { onOpen: () => undefined, onEvent: () => undefined, onBreak: () => undefined },
    stop.signal,
  );
  await clock.advance(attempts * RECONNECT_MS);
  await ended;
}

test('that Docker is still away is said once, not every second', async () => {
  const said: unknown[] = [];
  await follow(5, { error: (message, fields) => said.push([message, fields]) });
  expect(said).toEqual([['Event stream broke', { stream: 'node', reason: 'ECONNREFUSED' }]]);
});

test('which API version is spoken is said when it is news', async () => {
  const versions = ['1.44', '1.44', '1.51'];
  const said: string[] = [];
  await follow(3, { info: (message) => message.startsWith('Using') && said.push(message) }, ({ onOpen }) =>
    onOpen(versions.shift()),
  );
  expect(said).toEqual(['Using Docker Client API version: 1.44', 'Using Docker Client API version: 1.51']);
});

test('at the end it ends and does not complain', async () => {
  const { log, stop, ended } = await world();
  stop.abort();
  await ended;
  expect(log).toEqual(['open']);
});
