import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import fc from 'fast-check';
import { explainRoute } from '../core/explain/explain.js';
import { normalizePath } from '../core/paths/normalize-path.js';
import { ask, freePorts, startHaproxy, writeConfig } from '../testing/live-haproxy.js';
import { useLiveWorld } from '../testing/live-world.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

const world = useLiveWorld();
let port = 0;
let haproxy: Awaited<ReturnType<typeof startHaproxy>>;
const services = (): readonly Parameters[] => [
  { serviceName: 'web', servicePath: '/demo', servicePathExclude: '/demo/admin', setResHeader: 'X-By web' },
  { serviceName: 'text', servicePath: '^/v[0-9]{1,2}%2Ex/', pathType: 'path_reg', setResHeader: 'X-By text' },
  { serviceName: 'query', servicePath: '/find?kind=a', pathType: 'url_beg', setResHeader: 'X-By query' },
  { serviceName: 'host', servicePath: 'any.test/base', pathType: 'base_beg', setResHeader: 'X-By host' },
  { serviceName: 'lang', servicePath: '/straße,/a%20b', setResHeader: 'X-By lang' },
  { serviceName: 'any', servicePath: '/any/', setResHeader: 'X-Path %[var(txn.df_path),hex]' },
];

const routed = () => {
  const settings = settingsOf(world.root, { DEFAULT_PORTS: String(port) });
  const list = services().map((one) => routedService({ port: String(world.echoPort), ...one }, settings));
  return { settings, list };
};

beforeAll(async () => {
  [port = 0] = await freePorts(1);
  const { settings, list } = routed();
  haproxy = await startHaproxy(writeConfig(renderServices(list, settings), settings), [port]);
});
afterAll(() => haproxy.stop());

describe('HAProxy decides on what a path means', () => {
  test.each([
    ['/demo/x', 'web'],
    ['/demo/%2561dmin', 'web'],
    ['/demo/administer', undefined],
    ['/demo/%61dmin', undefined],
    ['/demo/./admin;v=1', undefined],
    ['/./demo//x%20y', 'web'],
    ['/demo/a..b/...', 'web'],
    ['/v1.x/', 'text'],
    ['/v1yx/', undefined],
    ['/%66ind?kind=abc', 'query'],
    ['/find?Kind=abc', undefined],
    ['//base/x', 'host'],
    ['/stra%C3%9Fe/1', 'lang'],
    ['/a%20b', 'lang'],
    ['/nowhere', undefined],
  ])('%s is %s', async (path, service) => {
    const { status, headers, body } = await ask(port, { path });
    expect([status, headers['x-by']]).toEqual(service === undefined ? [503, undefined] : [200, service]);
    const sent = service === undefined ? undefined : (JSON.parse(body) as { path: string }).path;
    expect(sent).toBe(service === undefined ? undefined : path);
    const { settings, list } = routed();
    const { taken, tried } = explainRoute({ host: 'any.test', path, port, headers: {} }, list, settings);
    // Only HAProxy can tell about whole addresses.
    const open = tried.filter(({ matches }) => matches === null).map((one) => one.service);
    expect([taken?.service, ...open]).toContain(service);
  });

  test.each([
    '/demo/../x',
    '/demo/%2e%2e/x',
    '/demo/..;a/x',
    '/demo\\..\\x',
    '/demo/..',
    '/demo/%zz',
    '/demo/%',
    '/demo/a%00',
    '/..',
  ])('an ambiguous path gets 400: %s', async (path) => {
    expect((await ask(port, { path })).status).toBe(400);
  });

  test('a path of thousands of dots is no way around', async () => {
    expect((await ask(port, { path: `/demo${'/.'.repeat(4_000)}/admin` })).status).toBe(400);
    expect((await ask(port, { path: `/demo${'/%2e/'.repeat(1_500)}admin/..` })).status).toBe(400);
  });

  test('a path of thousands of slashes is no way around', async () => {
    expect((await ask(port, { path: `/demo${'/'.repeat(8_000)}admin` })).status).toBe(503);
    expect((await ask(port, { path: `/demo/${';a/'.repeat(3_000)}admin` })).status).toBe(503);
  });

  test('OPTIONS * is no path', async () => {
    expect((await ask(port, { path: '*', method: 'OPTIONS' })).status).toBe(503);
  });

  test('the path of any request is that of normalizePath, or refused like there', async () => {
    const bits = fc.constantFrom(
      ...[
        '/',
        '//',
        '.',
        '..',
        'a',
        'b',
        ';',
        ';v=1',
        '\\',
        '%',
        '%2',
        '%2e',
        '%2F',
        '%5c',
        '%3b',
        '%00',
        '%61',
        '%zz',
      ],
      ...['?', '=', '&', '%25', '%2561', '~'],
    );
    const paths = fc.array(bits, { maxLength: 8 }).map((parts) => `/any/${parts.join('')}`);
    await fc.assert(
      fc.asyncProperty(paths, async (sent) => {
        const { status, headers } = await ask(port, { path: sent });
        const normal = normalizePath(sent.split('?')[0] ?? '');
        const seen = Buffer.from(String(headers['x-path'] ?? ''), 'hex').toString();
        expect([sent, status, seen]).toEqual(normal === undefined ? [sent, 400, ''] : [sent, 200, normal]);
      }),
      { numRuns: 500 },
    );
  });
});
