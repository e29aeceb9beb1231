import { readFileSync } from 'node:fs';
import { createServer, request, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createEventStream } from '@docker-flow/daemon/http/event-stream';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { Registry } from 'prom-client';
import supertest from 'supertest';
import { addPage, loadPageFiles } from './page.js';

const directory = path.join(process.cwd(), 'packages', 'scaler', 'page');
const files = loadPageFiles(directory);

async function listen(handler: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port };
}

function app(bases: readonly string[] = ['', '/scaler']) {
  return createHttpApp({
    logger: silentLogger(),
    registry: new Registry(),
    routes: (own) => bases.forEach((base) => addPage(own, base, files)),
  });
}

test('the page and its files are under the prefix, and the prefix alone leads there', async () => {
  const http = supertest(app());
  const page = await http.get('/scaler/');
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  for (const name of ['page.js', 'chart.js', 'page.css']) {
    expect((await http.get(`/scaler/${name}`)).status).toBe(200);
  }
  expect((await http.get('/scaler')).headers['location']).toBe('/scaler/');
});

test('without a prefix the page is for clients that say what they accept, others get the original’s 404', async () => {
  const http = supertest(app());
  expect((await http.get('/').set('Accept', 'text/html')).status).toBe(200);
  expect((await http.get('/').set('Accept', '*/*')).status).toBe(200);
  const { server, port } = await listen(app());
  const status = await new Promise((resolve) => {
    request({ port, host: '127.0.0.1', path: '/' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).end();
  });
  server.close();
  expect(status).toBe(404);
});

test('the page names nothing from elsewhere', () => {
  const names = ['index.html', 'page.js', 'chart.js', 'page.css'];
  const text = names.map((name) => readFileSync(path.join(directory, name), 'utf8')).join('\n');
  const addresses = [...text.matchAll(/https?:\/\/[^\s'"]+/g)].map(([address]) => address);
  expect(addresses).toEqual(['http://www.w3.org/2000/svg']);
});

test('open pages hear of activities until the program ends', async () => {
  const events = createEventStream();
  const { server, port } = await listen(
    createHttpApp({
      logger: silentLogger(),
      registry: new Registry(),
      routes: (own) => own.get('/v1/events', (request, response) => events.connect(request, response)),
    }),
  );
  const answer = await fetch(`http://127.0.0.1:${port}/v1/events`);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(events.size()).toBe(1);
  events.send({ event: 'activity', data: { id: '1' } });
  await events.actor.run(AbortSignal.abort());
  expect(await answer.text()).toBe('retry: 2000\n\nevent: activity\ndata: {"id":"1"}\n\n');
  expect((await fetch(`http://127.0.0.1:${port}/v1/events`)).status).toBe(503);
  server.close();
  server.closeAllConnections();
});
