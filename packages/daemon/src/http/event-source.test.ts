import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { createEventParser, readEvents, type ServerEvent } from './event-source.js';

const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => void (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('events are the same whatever the pieces they come in', () => {
  const text = ': hello\n\nevent: a\ndata: 1\ndata: 2\n\nid: 3\ndata:x\n\nretry: 5\n\n';
  for (const size of [1, 2, 3, 7, 100]) {
    const events: ServerEvent[] = [];
    const take = createEventParser((event) => events.push(event));
    for (let at = 0; at < text.length; at += size) take(text.slice(at, at + size));
    expect(events).toEqual([
      { event: 'a', data: '1\n2' },
      { event: 'message', data: 'x' },
    ]);
  }
});

test('events are told until the signal aborts', async () => {
  const url = await serve((_request, response) => void response.write('event: a\ndata: 1\n\n'));
  const stop = new AbortController();
  const events: ServerEvent[] = [];
  await readEvents({
    url,
    signal: stop.signal,
    silenceMs: 10_000,
    onEvent(event) {
      events.push(event);
      stop.abort();
    },
  });
  expect(events).toEqual([{ event: 'a', data: '1' }]);
});

test.each<readonly [string, RequestListener, number, RegExp]>([
  ['ends', (_request, response) => response.end(), 60_000, /has ended/],
  ['says nothing', (_request, response) => void response.write(': x\n\n'), 50, /nothing for 50 ms/],
  ['is none', (_request, response) => response.writeHead(503).end(), 60_000, /503/],
])('a stream that %s is an error', async (_what, listener, silenceMs, reason) => {
  const url = await serve(listener);
  const { signal } = new AbortController();
  await expect(readEvents({ url, signal, silenceMs, onEvent: () => undefined })).rejects.toThrow(reason);
});
