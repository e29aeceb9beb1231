import { writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { renderCertifiedNames } from '../core/acme/certified-names.js';
import { ask, checkConfig, freePorts, startHaproxy, writeConfig } from '../testing/live-haproxy.js';
import { useLiveWorld } from '../testing/live-world.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

const THUMBPRINT = 'T'.repeat(43);
const world = useLiveWorld();
let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  await stop?.();
  stop = undefined;
});

interface Start {
  readonly environment?: Readonly<Record<string, string>>;
  readonly thumbprint?: string | undefined;
  /** Names that have a certificate. */
  readonly certified?: readonly string[];
}

/** HAProxy for these services; answers what asks it. */
async function start(services: readonly Parameters[], options: Start = {}) {
  const [port = 0, second = 0] = await freePorts(2);
  const settings = settingsOf(world.root, { DEFAULT_PORTS: `${port},${second}`, ...options.environment });
  const routed = services.map((labels) =>
    routedService({ serviceName: 'web', port: String(world.echoPort), ...labels }, settings),
  );
  writeFileSync(settings.paths.certifiedNames, renderCertifiedNames(options.certified ?? []));
  const { thumbprint = THUMBPRINT } = options;
  const rendered = renderServices(routed, settings, {
    thumbprint: 'thumbprint' in options ? options.thumbprint : thumbprint,
  });
  const file = writeConfig(rendered, settings);
  expect(checkConfig(file)).toMatchObject({ ok: true });
  ({ stop } = await startHaproxy(file, [port]));
  const get = async (host: string, path = '/', headers: Readonly<Record<string, string>> = {}) => {
    const { status, body, headers: answer } = await ask(port, { host, path, headers });
    return { status, body, location: answer.location };
  };
  return { get, second };
}

const TOKEN = '/.well-known/acme-challenge/some-Token_1';

describe('a challenge', () => {
  test('is answered for every host, whatever else the proxy would do with the request', async () => {
    const { get, second } = await start(
      [
        {
          serviceDomain: 'a.test',
          httpsOnly: 'true',
          users: 'me:secret',
          denyHttp: 'true',
          rateLimit: '1/1h',
        },
        { serviceName: 'all', servicePath: '/', isDefaultBackend: 'true' },
      ],
      { environment: { EXTRA_FRONTEND: 'http-request deny' } },
    );
    for (const host of ['a.test', 'unknown.test', 'a.test:8080'])
      expect(await get(host, TOKEN)).toMatchObject({ status: 200, body: `some-Token_1.${THUMBPRINT}` });
    expect((await get('a.test', `${TOKEN}?x=/y`)).body).toBe(`some-Token_1.${THUMBPRINT}`);
    expect((await ask(second, { host: 'a.test', path: TOKEN })).status).toBe(200);
    expect((await get('a.test', '/')).status).toBe(403);
  });

  test.each([
    '/.well-known/acme-challenge/',
    '/.well-known/acme-challenge/a/b',
    '/.well-known/acme-challenge/a%3Cb%3E',
    '/x/.well-known/acme-challenge/a',
    '/xwell-known/acme-challenge/a',
    `/.well-known/acme-challenge/${'a'.repeat(257)}`,
  ])('is not what asks for %s', async (path) => {
    const { get } = await start([{ servicePath: '/' }]);
    expect(JSON.parse((await get('a.test', path)).body)).toMatchObject({ path });
  });

  test('goes to a service that answers its own', async () => {
    const { get } = await start([
      { serviceDomain: 'own.test,*.own.test', servicePath: '/', acmePassthrough: 'true' },
    ]);
    for (const host of ['own.test', 'OWN.test:80', 'a.own.test'])
      expect(JSON.parse((await get(host, TOKEN)).body)).toMatchObject({ path: TOKEN });
    expect((await get('a.b.own.test', TOKEN)).body).toBe(`some-Token_1.${THUMBPRINT}`);
  });

  test('is nobody’s business without an account', async () => {
    const { get } = await start([{ servicePath: '/' }], { thumbprint: undefined });
    expect(JSON.parse((await get('a.test', TOKEN)).body)).toMatchObject({ path: TOKEN });
  });
});

describe('redirects to https', () => {
  const asks = { servicePath: '/', serviceDomain: 'a.test,b.test,*.c.test', httpsOnly: 'true' };

  test('wait at the names that the service asks a certificate for, and only there', async () => {
    const { get } = await start([{ ...asks, acmeDomains: 'a.test,*.c.test' }]);
    const statuses = ['a.test', 'A.test:80', 'x.c.test', 'b.test', 'x.y.c.test'].map(
      async (host) => (await get(host)).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 200, 200, 302, 302]);
  });

  test.each([
    ['a.test', ['a.test']],
    ['x.c.test', ['x.c.test']],
    ['x.c.test', ['*.c.test']],
    ['a.test', ['*.test']],
  ])('go to %s when there is a certificate for %j', async (host, certified) => {
    const { get } = await start([{ ...asks, acme: 'true' }], { certified });
    expect(await get(host, '/x?y=1')).toMatchObject({ status: 302, location: `https://${host}/x?y=1` });
    expect((await get('b.test')).status).toBe(certified.includes('*.test') ? 302 : 200);
  });

  test('of HTTPS_ONLY and for balancers wait as well', async () => {
    const environment = { HTTPS_ONLY: 'true', ACME_DEFAULT: 'true' };
    const { get } = await start([{ servicePath: '/', serviceDomain: 'a.test' }], { environment });
    expect((await get('a.test')).status).toBe(200);
  });

  test.each([
    ['redirectWhenHttpProto', { 'X-Forwarded-Proto': 'http' }],
    ['redirectUnlessHttpsProto', {}],
  ] as const)('of %s wait as well', async (label, headers) => {
    const labels = { servicePath: '/', serviceDomain: 'a.test,b.test', [label]: 'true', acme: 'true' };
    const { get } = await start([labels], { certified: ['b.test'] });
    expect((await get('a.test', '/', headers)).status).toBe(200);
    expect((await get('b.test', '/', headers)).status).toBe(302);
  });

  test('do not wait where nobody asks, and denyHttp never does', async () => {
    const { get } = await start([
      { serviceName: 'plain', servicePath: '/', serviceDomain: 'plain.test', httpsOnly: 'true' },
      {
        serviceName: 'secret',
        servicePath: '/',
        serviceDomain: 'secret.test',
        denyHttp: 'true',
        acme: 'true',
      },
    ]);
    expect([(await get('plain.test')).status, (await get('secret.test')).status]).toEqual([302, 403]);
  });
});
