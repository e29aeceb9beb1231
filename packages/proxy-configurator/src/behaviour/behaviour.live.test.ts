import { describe, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import type { Parameters } from '@docker-flow/labels';
import {
  ask,
  freePorts,
  startByteServer,
  startHaproxy,
  writeConfig,
  type LiveAnswer,
  type LiveRequest,
} from '../testing/live-haproxy.js';
import { useLiveWorld } from '../testing/live-world.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

const world = useLiveWorld();

/** Serves the given services and asks for something. */
async function serve<T>(
  parameters: readonly Parameters[],
  use: (get: (request?: LiveRequest) => Promise<LiveAnswer>) => Promise<T>,
  environment: Readonly<Record<string, string>> = {},
  entryPorts: readonly number[] = [],
): Promise<T> {
  const [port = 0] = await freePorts(1);
  const settings = settingsOf(world.root, { DEFAULT_PORTS: String(port), ...environment });
  const services = parameters.map((one) => routedService({ port: String(world.echoPort), ...one }, settings));
  const isHttp = services.some(({ service }) => service.destinations.some(({ mode }) => mode === 'http'));
  const haproxy = await startHaproxy(
    writeConfig(renderServices(services, settings), settings),
    isHttp ? [port, ...entryPorts] : entryPorts,
  );
  try {
    return await use((request) => ask(port, request));
  } finally {
    await haproxy.stop();
  }
}

/** What a server says first; empty when the connection is closed instead. */
function greetingOf(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    socket.once('data', (chunk: Buffer) => {
      said = chunk.toString();
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(said));
  });
}

function pathSeen({ body }: LiveAnswer): string {
  return (JSON.parse(body) as { path: string }).path;
}

describe('a rewrite of the path', () => {
  test.each([
    ['^/api/v([0-9]+)/(.*),/\\2/\\1', '/api/v3/books', '/books/3'],
    ['/x,', '/x', '/'],
    ['^/[^/]+,,', '/abc/def', '/def'],
    ['a,b,g', '/aaa', '/bbb'],
    ['A,b,gi', '/aaa', '/bbb'],
    ['/a\\,b,/c', '/a,b/d', '/c/d'],
    ['/a\\:b,/c', '/a:b/d', '/c/d'],
    ["/it's,/it", "/it's/ok", '/it/ok'],
    ['/(a|b)(?\\:c)?,/<\\1>', '/bc/x', '/<b>/x'],
    ['/a b,/c', '/a/b', '/a/b'],
    ['/p,/100%[path]', '/p', '/100%[path]'],
    ['/q,/"quoted"', '/q', '/"quoted"'],
    ['/h,/$HOME#x', '/h', '/$HOME#x'],
    ['/one,/two:/two,/three', '/one?q=/one', '/three?q=/one'],
  ])('%s makes %s into %s', async (rewrite, path, seen) => {
    const answer = await serve(
      [{ serviceName: 'web', servicePath: '/', reqPathSearchReplace: rewrite }],
      (get) => get({ path }),
    );
    expect(pathSeen(answer)).toBe(seen);
  });
});

test.each(['pass word', "it's", '"q"', 'a#b', 'p%41$HOME', 'x\\y', 'ü+&<>'])(
  'the password %s is taken literally',
  async (password) => {
    const statuses = await serve(
      [{ serviceName: 'web', servicePath: '/', users: `me:${password}` }],
      async (get) => {
        const authorization = (text: string) => ({
          headers: { Authorization: `Basic ${Buffer.from(`me:${text}`).toString('base64')}` },
        });
        return [await get(authorization(password)), await get(authorization('other'))].map(
          ({ status }) => status,
        );
      },
    );
    expect(statuses).toEqual([200, 401]);
  },
);

test('a header must match exactly, whatever its value holds', async () => {
  const statuses = await serve(
    [{ serviceName: 'web', servicePath: '/', serviceHeader: `X-A: it's "1" #2` }],
    async (get) => [
      (await get({ headers: { 'X-A': `it's "1" #2` } })).status,
      (await get({ headers: { 'X-A': `it's` } })).status,
    ],
  );
  expect(statuses).toEqual([200, 503]);
});

test('more patterns than fit into a line all count', async () => {
  const paths = Array.from({ length: 150 }, (_, i) => `/p${i}.`);
  const statuses = await serve(
    [{ serviceName: 'web', servicePath: paths.join(','), pathType: 'path_end' }],
    async (get) => [(await get({ path: '/p0.' })).status, (await get({ path: '/x/p149.' })).status],
  );
  expect(statuses).toEqual([200, 200]);
});

test('two services with one aclName, and names that run into each other, both keep their routes', async () => {
  const answers = await serve(
    [
      { serviceName: 'a', aclName: 'same', servicePath: '/a', setResHeader: 'X-Who a' },
      { serviceName: 'b', aclName: 'same', servicePath: '/b', setResHeader: 'X-Who b' },
    ],
    async (get) => Promise.all([get({ path: '/a' }), get({ path: '/b' })]),
  );
  expect(answers.map(({ headers }) => headers['x-who'])).toEqual(['a', 'b']);
});

test('a wildcard matches the host with and without its port, an exact domain only as it is written', async () => {
  const statuses = await serve(
    [
      { serviceName: 'a', serviceDomain: '*.a.test', serviceDomainAlgo: 'hdr(host)' },
      { serviceName: 'b', serviceDomain: 'b.test', serviceDomainAlgo: 'hdr(host)' },
    ],
    async (get) =>
      Promise.all(['x.a.test', 'x.a.test:81', 'a.test', 'b.test', 'b.test:81'].map((host) => get({ host }))),
  );
  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 503, 200, 503]);
});

test('redirects from other domains need a plain domain to go to, and end there', async () => {
  const answers = await serve(
    [
      { serviceName: 'a', servicePath: '/a', redirectFromDomain: 'old.test' },
      { serviceName: 'b', serviceDomain: '*.b.test,b.test', redirectFromDomain: 'oldb.test' },
      { serviceName: 'c', serviceDomain: 'c.test.au', redirectFromDomain: 'c.test,*.test.au' },
    ],
    async (get) =>
      Promise.all([
        get({ host: 'old.test', path: '/a' }),
        get({ host: 'oldb.test', path: '/x?y=1' }),
        get({ host: 'C.test:81', path: '/' }),
        get({ host: 'www.test.au', path: '/' }),
        get({ host: 'C.test.au:81', path: '/' }),
      ]),
  );
  expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual([
    [200, undefined],
    [301, 'http://b.test/x?y=1'],
    [301, 'http://c.test.au/'],
    [301, 'http://c.test.au/'],
    [200, undefined],
  ]);
});

test('clients are served by their address, one destination with other rules than the next', async () => {
  const answers = await serve(
    [
      {
        serviceName: 'web',
        'servicePath.1': '/allowed',
        'allowFrom.1': '10.0.0.0/8,127.0.0.0/8',
        'servicePath.2': '/others',
        'allowFrom.2': '10.0.0.0/8,fd00::/8',
        'httpsOnly.2': 'true',
        'servicePath.3': '/denied',
        'allowFrom.3': '127.0.0.1',
        'denyFrom.3': '127.0.0.1/32',
        'servicePath.4': '/all',
      },
    ],
    async (get) => Promise.all(['/allowed', '/others', '/denied', '/all'].map((path) => get({ path }))),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 200]);
});

test('a client that asks too often hears 429, and another destination goes on serving it', async () => {
  const statuses = await serve(
    [
      {
        serviceName: 'web',
        'servicePath.1': '/few',
        'rateLimit.1': '3/1m',
        'servicePath.2': '/many',
        users: 'me:secret',
      },
    ],
    async (get) => {
      const found: number[] = [];
      for (const path of ['/few', '/few', '/few', '/few', '/many']) found.push((await get({ path })).status);
      return found;
    },
  );
  expect(statuses).toEqual([401, 401, 401, 429, 401]);
});

test('connections of strangers and too many of one client are closed in tcp mode', async () => {
  const bytes = await startByteServer('hello');
  const [open = 0, closed = 0, few = 0] = await freePorts(3);
  const tcp = { reqMode: 'tcp', outboundHostname: '127.0.0.1', port: String(bytes.port) };
  const services = [
    { ...tcp, serviceName: 'open', srcPort: String(open), allowFrom: '127.0.0.1' },
    { ...tcp, serviceName: 'closed', srcPort: String(closed), denyFrom: '127.0.0.0/8' },
    { ...tcp, serviceName: 'few', srcPort: String(few), rateLimit: '6/1m' },
  ];
  try {
    const said = await serve(
      services,
      async () => {
        const found = [await greetingOf(open), await greetingOf(closed), await greetingOf(few)];
        let last = '';
        // How often the port was tried until it was open counts, too.
        for (let i = 0; i < 6; i += 1) last = await greetingOf(few);
        return [...found, last];
      },
      {},
      [open, closed, few],
    );
    expect(said).toEqual(['hello', '', 'hello', '']);
  } finally {
    await bytes.close();
  }
});

test('HTTPS_ONLY lets the answers to ACME challenges through', async () => {
  const answers = await serve(
    [
      { serviceName: 'acme', servicePath: '/.well-known/acme-challenge' },
      { serviceName: 'web', servicePath: '/' },
    ],
    async (get) => Promise.all([get({ path: '/.well-known/acme-challenge/t' }), get({ path: '/x' })]),
    { HTTPS_ONLY: 'true' },
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 302]);
});

/** What a byte stream says within 4 s after it has been told something. */
function talk(port: number, say: string): Promise<{ readonly heard: string; readonly ms: number }> {
  return new Promise((resolve) => {
    const begun = performance.now();
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(say));
    const end = () => {
      socket.destroy();
      resolve({ heard, ms: performance.now() - begun });
    };
    socket.setTimeout(4000, end);
    socket.on('error', end);
    socket.on('close', end);
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      if (heard.includes(say)) end();
    });
  });
}

test('bytes that are neither TLS nor HTTP reach the destination without domain at once', async () => {
  const bytes = await startByteServer('raw\n');
  const [entry = 0] = await freePorts(1);
  const tcp = { reqMode: 'tcp', srcPort: String(entry) };
  try {
    const heard = await serve(
      [
        { ...tcp, serviceName: 'named', serviceDomain: 'a.test' },
        { ...tcp, serviceName: 'raw', port: String(bytes.port) },
      ],
      async () =>
        Promise.all(['ping\n', 'PING\r\n', '\u0001\u0002\n', '*1\r\n$4\r\n'].map((say) => talk(entry, say))),
      {},
      [entry],
    );
    expect(heard.map((one) => one.heard.startsWith('raw\n'))).toEqual([true, true, true, true]);
  } finally {
    await bytes.close();
  }
});
