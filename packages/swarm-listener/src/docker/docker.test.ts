import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { parseDockerEndpoint } from '@docker-flow/docker/endpoint';
import { startFakeDockerEngine } from '@docker-flow/testkit';
import type { Docker } from '../ports.js';
import { createDocker } from './docker.js';
import { connectEngine } from '@docker-flow/docker/engine-http';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function connect(dockerHost: string, timeoutMs = 5_000): Docker {
  return createDocker({
    engine: connectEngine(parseDockerEndpoint(dockerHost)),
    notifyKey: 'com.df.notify',
    isKeptLabel: () => false,
    timeoutMs,
  });
}

/** Something that is not quite Docker. */
async function serve(handle: RequestListener): Promise<string> {
  const server: Server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('lists, single objects and what is not there', async () => {
  const engine = await startFakeDockerEngine({ nodes: 2 });
  closing.push(() => engine.close());
  const { ID: id } = engine.createService({
    Name: 'web',
    Labels: { 'com.df.notify': 'x' },
    Mode: { Global: {} },
  });
  engine.createService({ Name: 'other' });
  const docker = connect(engine.dockerHost);
  expect(await docker.negotiate()).toBe('1.46');
  expect((await docker.listServices()).map(({ name }) => name)).toEqual(['web']);
  expect(await docker.inspectService(id)).toMatchObject({ name: 'web', mode: 'global' });
  expect(await docker.inspectService('gone')).toBeUndefined();
  expect(await docker.inspectNode('gone')).toBeUndefined();
  expect(await docker.listNodes()).toHaveLength(2);
  expect(await docker.listTasks({ which: 'serving', serviceIds: [id] })).toHaveLength(2);
  expect(await docker.listTasks({ which: 'newest' })).toHaveLength(2);
  // What did not change is the same object, so that nobody need look at it again.
  const [before] = await docker.listServices();
  expect((await docker.listServices())[0]).toBe(before);
});

test.each([
  ['a list with blanks', '[ {"Spec":{"Name":"web"}, "ID":"a"} ]', ['a']],
  ['no list at all', 'null', []],
])('%s is read all the same', async (_what, body, ids) => {
  const docker = connect(await serve((_request, response) => void response.end(body)));
  expect((await docker.listServices()).map(({ id }) => id)).toEqual(ids);
});

test('an answer that breaks off in the middle is a failure, never a short list', async () => {
  const docker = connect(
    await serve((_request, response) => {
      response.write('[{"ID":"a"},{"ID":"b"}');
      setTimeout(() => response.destroy(), 20);
    }),
  );
  await expect(docker.listServices()).rejects.toThrow('Docker GET /services');
});

test('a manager that hangs is left after the time limit, also in the middle of an answer', async () => {
  const silent = connect(await serve(() => undefined), 50);
  await expect(silent.listNodes()).rejects.toThrow('Docker GET /nodes: no answer within 50 ms');
  const stuck = connect(await serve((_request, response) => void response.write('[{"ID":"a"},')), 50);
  await expect(stuck.listTasks({ which: 'serving' })).rejects.toThrow('no answer within 50 ms');
});

test('an event stream that does not open is left after the time limit; an open one may be silent for ever', async () => {
  const handlers = { onOpen: () => undefined, onEvent: () => undefined };
  const closed = connect(await serve(() => undefined), 50);
  await expect(closed.follow('service', handlers, new AbortController().signal)).rejects.toThrow(
    'Docker GET /events: no answer within 50 ms',
  );
  const quiet = connect(await serve((_request, response) => response.flushHeaders()), 50);
  const stop = new AbortController();
  const ended = quiet.follow('service', handlers, stop.signal).catch((error: unknown) => String(error));
  expect(await Promise.race([ended, sleep(200, 'still open')])).toBe('still open');
  stop.abort();
  expect(await ended).not.toContain('no answer');
});

test("a refusal says the engine's own words and status", async () => {
  const docker = connect(
    await serve((_request, response) => {
      response.statusCode = 503;
      response.end('{"message":"This node is not a swarm manager."}');
    }),
  );
  await expect(docker.listServices()).rejects.toMatchObject({
    message: expect.stringContaining('503 This node is not a swarm manager.') as unknown,
    details: 503,
  });
});
