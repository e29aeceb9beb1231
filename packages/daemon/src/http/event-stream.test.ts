import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import express from 'express';
import { readEvents, type ServerEvent } from './event-source.js';
import {
  createEventStream,
  type EventStream,
  type EventStreamOptions,
  type SentEvent,
} from './event-stream.js';

let server: Server;
let url: string;
let events: EventStream;
const first: SentEvent[] = [];
const opened: boolean[] = [];

async function start(options: EventStreamOptions = {}): Promise<void> {
  events = createEventStream(options);
  const app = express();
  app.get('/events', (request, response) => {
    opened.push(events.connect(request, response, first));
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
}

beforeEach(() => {
  first.length = 0;
  opened.length = 0;
});

afterEach(async () => {
  await events.actor.run(AbortSignal.abort());
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** Reads until so many events have come. */
async function heard(count: number, then: () => void = () => undefined): Promise<readonly ServerEvent[]> {
  const enough = new AbortController();
  const got: ServerEvent[] = [];
  await readEvents({
    url,
    signal: enough.signal,
    silenceMs: 5_000,
    onEvent: (event) => {
      got.push(event);
      if (got.length === 1) then();
      if (got.length === count) enough.abort();
    },
  });
  return got;
}

test('a page hears how it begins, and then what is sent', async () => {
  await start();
  first.push({ event: 'whole', id: 'a-1', data: { text: 'two\nlines' } });
  const got = await heard(2, () => events.send({ event: 'change', data: [1] }));
  expect(got.map(({ event, data }) => [event, JSON.parse(data) as unknown])).toEqual([
    ['whole', { text: 'two\nlines' }],
    ['change', [1]],
  ]);
  expect(opened).toEqual([true]);
});

test('nobody hears what was sent while nobody was there', async () => {
  await start();
  events.send({ event: 'change', data: 'lost' });
  expect(events.size()).toBe(0);
});

test('heartbeats come while nothing happens', async () => {
  await start({ heartbeatMs: 5, heartbeat: () => ({ event: 'heartbeat', data: {} }) });
  const stop = new AbortController();
  const running = events.actor.run(stop.signal);
  expect((await heard(2)).map(({ event }) => event)).toEqual(['heartbeat', 'heartbeat']);
  stop.abort();
  await running;
});

test('more pages than there may be are sent away, and all when the program ends', async () => {
  await start({ mostClients: 0 });
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('retry-after'), opened]).toEqual([503, '5', [false]]);
  await events.actor.run(AbortSignal.abort());
  expect((await fetch(url)).status).toBe(503);
});

test('HEAD is answered and not kept open', async () => {
  await start();
  const answer = await fetch(url, { method: 'HEAD' });
  expect([answer.status, answer.headers.get('content-type'), events.size()]).toEqual([
    200,
    'text/event-stream',
    0,
  ]);
});
