import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startFakeDockerEngine } from '@docker-flow/testkit';
import { connectDocker, type DockerConnection } from './connection.js';
import { DockerError } from './docker-error.js';
import { parseDockerEndpoint } from './endpoint.js';
import type { DockerEvent } from './objects/read-event.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function connect(dockerHost: string, silenceMs = 5_000, answerMs = 5_000): DockerConnection {
  return connectDocker(parseDockerEndpoint(dockerHost), { silenceMs, answerMs });
}

interface NotQuiteDocker {
  readonly host: string;
  /** `GET /path`, in the order of their coming. */
  readonly requests: string[];
  readonly sockets: Set<Socket>;
}

/** Something that speaks HTTP and is not Docker; it says version 1.44 unless `handle` takes that over. */
async function serve(handle: RequestListener, saysVersion = true): Promise<NotQuiteDocker> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    if (saysVersion && request.url === '/version') response.end('{"ApiVersion":"1.44"}');
    else handle(request, response);
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, sockets };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function list(connection: DockerConnection, maxBytes = 1_000_000): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  await connection.readList('/tasks', {}, { maxBytes }, (bytes) =>
    found.push(JSON.parse(bytes.toString('utf8'))),
  );
  return found;
}

describe('the API version', () => {
  test.each([
    ['an old engine', '1.41', '1.12'],
    ['Docker 29, which refuses everything below 1.44,', '1.52', '1.44'],
    ['an engine whose oldest version is newer than any we know', '1.99', '1.90'],
  ])('%s is spoken to in a version that it takes', async (_what, apiVersion, minApiVersion) => {
    const engine = await startFakeDockerEngine({ apiVersion, minApiVersion });
    closing.push(() => engine.close());
    await expect(connect(engine.dockerHost).readJson('/info')).resolves.toMatchObject({
      Swarm: { ControlAvailable: true },
    });
  });

  test('is asked for once, however many calls there are', async () => {
    const { host, requests } = await serve((_request, response) => response.end('{}'));
    const connection = connect(host);
    await Promise.all([connection.readJson('/info'), connection.readJson('/info')]);
    await connection.readJson('/info');
    expect(requests.sort()).toEqual([...Array<string>(3).fill('GET /v1.44/info'), 'GET /version']);
  });

  test('is asked for again after a call that failed, and at each opening of an event stream', async () => {
    let offered = 'x';
    const { host, requests } = await serve((request, response) => {
      if (request.url === '/version') response.end(JSON.stringify({ ApiVersion: offered }));
      else if (request.url === '/v1.40/info') {
        offered = '1.43';
        response.writeHead(503).end('{"message":"no leader"}');
      } else response.end('{}');
    }, false);
    const connection = connect(host);
    offered = '1.40';
    await expect(connection.readJson('/info')).rejects.toThrow('no leader');
    await connection.readJson('/info');
    offered = '1.45';
    const versions: unknown[] = [];
    const handlers = { onOpen: (version: unknown) => versions.push(version), onEvent: () => undefined };
    await connection.follow({}, handlers, new AbortController().signal);
    expect(versions).toEqual(['1.45']);
    expect(requests.filter((one) => one === 'GET /version')).toHaveLength(3);
    expect(requests).toContain('GET /v1.43/info');
    expect(requests).toContain('GET /v1.45/events?filters=%7B%7D');
  });

  test('is agreed on anew when the engine has been replaced by one that refuses it', async () => {
    const engine = await startFakeDockerEngine({ apiVersion: '1.41' });
    closing.push(() => engine.close());
    const connection = connect(engine.dockerHost);
    await connection.readJson('/info');
    engine.fault({
      path: '/info',
      status: 400,
      message: 'client version 1.41 is too old. Minimum supported API version is 1.44',
      times: 1,
    });
    await expect(connection.readJson('/info')).resolves.toHaveProperty('ID');
    expect(engine.calls.map(({ path }) => path)).toEqual(['/version', '/info', '/info', '/version', '/info']);
  });

  test.each([
    ['says something else', 200, '[]'],
    ['forbids it, as a proxy before it may,', 403, 'Forbidden'],
  ])('where an answer to it %s calls go without', async (_what, status, body) => {
    const { host, requests } = await serve(
      (request, response) =>
        request.url === '/version' ? response.writeHead(status).end(body) : response.end('{}'),
      false,
    );
    await connect(host).readJson('/info');
    expect(requests).toEqual(['GET /version', 'GET /info']);
  });
});

describe('time', () => {
  test('an engine that hangs is left after the limit for silence, also in the middle of an answer', async () => {
    const silent = await serve(() => undefined);
    await expect(connect(silent.host, 50).readJson('/nodes')).rejects.toThrow(
      /failed to answer GET .*: no answer within 50 ms/,
    );
    const stuck = await serve((_request, response) => void response.write('[{"ID":"a"},'));
    await expect(list(connect(stuck.host, 50))).rejects.toThrow('no answer within 50 ms');
  });

  test('an answer that trickles is left after the limit for the whole', async () => {
    const { host } = await serve((_request, response) => {
      response.write('[');
      const timer = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(timer));
    });
    await expect(list(connect(host, 5_000, 100))).rejects.toThrow('no whole answer within 100 ms');
  });

  test('after a call that ran out of time, kept connections are not trusted any more', async () => {
    const { host, sockets } = await serve((request, response) => {
      if (request.url !== '/v1.44/hangs') setTimeout(() => response.end('{}'), 20);
    });
    const connection = connect(host, 1_000);
    await Promise.all([connection.readJson('/a'), connection.readJson('/b'), connection.readJson('/c')]);
    const before = [...sockets].filter(({ destroyed }) => !destroyed);
    expect(before.length).toBeGreaterThan(1);
    await expect(connection.readJson('/hangs')).rejects.toThrow('no answer');
    while (before.some(({ destroyed }) => !destroyed)) await sleep(5);
    await expect(connection.readJson('/a')).resolves.toEqual({});
  });

  test('an event stream that does not open is left; an open one may be silent for ever', async () => {
    const handlers = { onOpen: () => undefined, onEvent: () => undefined };
    const closed = await serve(() => undefined);
    await expect(connect(closed.host, 50).follow({}, handlers, new AbortController().signal)).rejects.toThrow(
      /failed to answer GET .*: no answer within 50 ms/,
    );
    const quiet = await serve((_request, response) => response.flushHeaders());
    const stop = new AbortController();
    const ended = connect(quiet.host, 1_000, 1_000)
      .follow({}, handlers, stop.signal)
      .catch((error: unknown) => String(error));
    expect(await Promise.race([ended, sleep(1_300, 'still open')])).toBe('still open');
    stop.abort();
    expect(await ended).not.toContain('no answer');
  });
});

describe('connections', () => {
  /** Closes a kept connection as soon as the second request comes on it. */
  function onceEach(handle: RequestListener): RequestListener {
    const used = new WeakSet<Socket>();
    return (request, response) => {
      if (used.has(request.socket)) request.socket.destroy();
      else {
        used.add(request.socket);
        handle(request, response);
      }
    };
  }

  test('what reads is asked once more when the engine closed a kept connection meanwhile', async () => {
    const { host, requests } = await serve(onceEach((_request, response) => response.end('{}')));
    const connection = connect(host);
    for (let i = 0; i < 3; i += 1) await expect(connection.readJson('/info')).resolves.toEqual({});
    expect(requests.length).toBeGreaterThan(4);
  });

  test('what reads is not asked again and again where connections always break', async () => {
    const { host, requests } = await serve((request) => request.socket.destroy());
    await expect(connect(host).readJson('/info')).rejects.toThrow('Cannot connect to the Docker daemon');
    expect(requests.filter((one) => one === 'GET /v1.44/info').length).toBeLessThanOrEqual(2);
  });

  test('what writes is sent once, on a connection of its own', async () => {
    const bodies: string[] = [];
    const { host, requests } = await serve(
      onceEach((request, response) => {
        void bodyOf(request).then((text) => {
          bodies.push(`${request.headers['content-type'] ?? ''} ${text}`);
          response.end('{}');
        });
      }),
    );
    const connection = connect(host);
    await connection.readJson('/info');
    const body = '{"Big":18446744073709551615}';
    await connection.read({ method: 'POST', path: '/services/a/update', query: { version: '7' }, body });
    expect(bodies.at(-1)).toBe(`application/json ${body}`);
    expect(requests.filter((one) => one.startsWith('POST'))).toEqual([
      'POST /v1.44/services/a/update?version=7',
    ]);
  });

  test('what writes is not sent again when its connection breaks', async () => {
    const { host, requests } = await serve((request) => request.socket.destroy());
    await expect(connect(host).read({ method: 'POST', path: '/x', body: '{}' })).rejects.toThrow(
      /^Cannot connect to the Docker daemon at http:\/\/127\.0\.0\.1:\d+\. Is the docker daemon running\?/,
    );
    expect(requests.filter((one) => one.startsWith('POST'))).toHaveLength(1);
  });
});

describe('answers', () => {
  test('a refusal has the words and the status of the engine', async () => {
    const { host } = await serve((_request, response) =>
      response.writeHead(503).end('{"message":"This node is not a swarm manager."}'),
    );
    await expect(connect(host).readJson('/nodes')).rejects.toMatchObject({
      name: 'DockerError',
      message: 'Error response from daemon: This node is not a swarm manager.',
      dockerStatus: 503,
    });
  });

  test('a refusal without end is cut', async () => {
    const { host } = await serve((_request, response) => {
      response.writeHead(500);
      const more = () => response.write('x'.repeat(10_000), more);
      more();
    });
    const failure = await connect(host)
      .readJson('/nodes')
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DockerError);
    expect((failure as DockerError).message.length).toBeLessThan(600);
  });

  test('an answer that breaks off in the middle is a failure, never a short list', async () => {
    const { host } = await serve((_request, response) => {
      response.write('[{"ID":"a"},{"ID":"b"}');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(list(connect(host))).rejects.toThrow('failed to answer GET /tasks');
  });

  test('a list without end is given up at its limit', async () => {
    const { host } = await serve((_request, response) => {
      response.write('[{"ID":"first"}');
      const more = () => response.write(`,${JSON.stringify({ ID: 'x'.repeat(1_000) })}`.repeat(10), more);
      more();
    });
    await expect(list(connect(host), 100_000)).rejects.toThrow('the answer is longer than 100000 bytes');
  });

  test.each(['nonsense', '{"a":'])('%j is no answer', async (body) => {
    const { host } = await serve((_request, response) => response.end(body));
    await expect(connect(host).readJson('/info')).rejects.toThrow('failed to answer GET /info');
  });
});

test('events arrive whole; what cannot be read is left out', async () => {
  const { host } = await serve((_request, response) => {
    const line = Buffer.from(
      `${JSON.stringify({ Type: 'service', Action: 'update', Actor: { ID: 'a', Attributes: { name: 'ü😀' } } })}\n`,
    );
    response.write('nonsense\n{}\nnull\n{"Type":"service","Action":"x","Actor":null}\n');
    for (const byte of line) response.write(Buffer.from([byte]));
    response.end('{"Type":"service","Action":"create","Actor":{"ID":"b"}}\n{"Type":"half');
  });
  const events: DockerEvent[] = [];
  const handlers = { onOpen: () => undefined, onEvent: (event: DockerEvent) => events.push(event) };
  await connect(host).follow({ type: ['service'] }, handlers, new AbortController().signal);
  expect(events).toEqual([
    { type: 'service', action: 'update', id: 'a', attributes: { name: 'ü😀' } },
    { type: 'service', action: 'create', id: 'b', attributes: {} },
  ]);
});
