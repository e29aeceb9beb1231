import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import express from 'express';
import { createDocument, type Document } from '../core/changes/document.js';
import { createChangeStream, type ChangeStream } from './change-stream.js';

const RUN = 'c0ffee00';
const HEARTBEAT_MS = 5;
/** Fewer removed keys are remembered than the tests remove. */
const MOST_GONE = 1;

let document: Document;
let events: ChangeStream;
let server: Server;
let url: string;
let nowMs: number;

beforeEach(async () => {
  nowMs = 1_000;
  document = createDocument(MOST_GONE);
  events = createChangeStream({
    document,
    run: RUN,
    now: () => nowMs,
    onOpen: () => undefined,
    heartbeatMs: HEARTBEAT_MS,
  });
  const app = express();
  app.get('/events', (request, response) =>
    events.connect(request, response, request.query['since'] as string | undefined),
  );
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
});

afterEach(async () => {
  await events.actor.run(AbortSignal.abort());
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

interface Heard {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** As a browser reads: the first events of an answer, with their ids. */
async function hear(
  count: number,
  { lastEventId, since = '' }: { readonly lastEventId?: string; readonly since?: string } = {},
): Promise<readonly Heard[]> {
  const stop = new AbortController();
  const response = await fetch(`${url}${since === '' ? '' : `?since=${since}`}`, {
    headers: lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
    signal: stop.signal,
  });
  const heard: Heard[] = [];
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(chunk, { stream: true });
    const blocks = rest.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('event') !== '')
        heard.push({ event: field('event'), id: field('id'), data: JSON.parse(field('data')) });
    }
    if (heard.length >= count) break;
  }
  stop.abort();
  return heard.slice(0, count);
}

function set(key: string, value: unknown): void {
  document.set(key, value);
  document.commit();
}

function remove(key: string): void {
  document.remove(key);
  document.commit();
}

test('whoever comes for the first time is told everything, with the id of this state', async () => {
  set('service/web', 1);
  set('service/db', 2);
  expect((await hear(1))[0]).toEqual({
    event: 'whole',
    id: `${RUN}-2`,
    data: { atMs: 1_000, set: { 'service/web': 1, 'service/db': 2 }, gone: [] },
  });
});

test('a browser that reconnects shows the id it has seen, and is told only what it missed', async () => {
  set('service/web', 1);
  set('service/db', 2);
  const [first] = await hear(1);
  set('service/web', 3);
  remove('service/db');
  nowMs = 7_000;
  expect((await hear(1, { lastEventId: first?.id ?? '' }))[0]).toEqual({
    event: 'change',
    id: `${RUN}-4`,
    data: { atMs: 7_000, set: { 'service/web': 3 }, gone: ['service/db'] },
  });
});

test('who has missed nothing is told that nothing is different', async () => {
  set('service/web', 1);
  expect((await hear(1, { lastEventId: `${RUN}-1` }))[0]).toEqual({
    event: 'change',
    id: `${RUN}-1`,
    data: { atMs: 1_000, set: {}, gone: [] },
  });
});

test('what the browser has seen counts more than what the address says', async () => {
  set('service/web', 1);
  set('service/db', 2);
  set('service/api', 3);
  const [first] = await hear(1, { lastEventId: `${RUN}-2`, since: `${RUN}-1` });
  expect(first?.data).toMatchObject({ set: { 'service/api': 3 } });
  const [other] = await hear(1, { since: `${RUN}-2` });
  expect([other?.event, other?.data]).toEqual(['change', first?.data]);
});

test.each([
  ['of another run', 'deadbeef-2'],
  ['of a state that is still to come', `${RUN}-99`],
  ['that is too old: more was removed since than is remembered', `${RUN}-1`],
  ['that is none', "1'; DROP TABLE services"],
  ['without a number', `${RUN}-`],
])('an id %s is answered with everything', async (_what, lastEventId) => {
  for (const key of ['service/web', 'service/db', 'service/api']) set(key, 1);
  remove('service/db');
  remove('service/api');
  expect((await hear(1, { lastEventId }))[0]).toEqual({
    event: 'whole',
    id: `${RUN}-5`,
    data: { atMs: 1_000, set: { 'service/web': 1 }, gone: [] },
  });
});

test('while nothing happens heartbeats say what time it is here, and leave the id as it was', async () => {
  set('service/web', 1);
  const stop = new AbortController();
  const running = events.actor.run(stop.signal);
  const hearing = hear(4, { lastEventId: `${RUN}-1` });
  nowMs = 9_000;
  const [change, ...beats] = await hearing;
  stop.abort();
  await running;
  expect(change?.event).toBe('change');
  expect(beats.map(({ event, id }) => [event, id])).toEqual([
    ['heartbeat', ''],
    ['heartbeat', ''],
    ['heartbeat', ''],
  ]);
  expect(beats.at(-1)?.data).toEqual({ atMs: 9_000 });
});

test('a change is heard with the id to come back with', async () => {
  set('service/web', 1);
  const hearing = hear(3);
  while (events.size() === 0) await new Promise((resolve) => setImmediate(resolve));
  document.set('service/web', 2);
  events.send(document.commit()!);
  const [, , change] = await hearing;
  expect(change).toEqual({
    event: 'change',
    id: `${RUN}-2`,
    data: { atMs: 1_000, set: { 'service/web': 2 }, gone: [] },
  });
});
