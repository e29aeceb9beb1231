import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  ask,
  freePorts,
  makeRoot,
  startEchoServer,
  startHaproxy,
  writeConfig,
  type EchoServer,
} from '../testing/live-haproxy.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/** An auth server that lets nobody pass, so that 200 means that it was not asked. */
const { root, remove } = makeRoot();
let sso: Server;
let echo: EchoServer;

beforeAll(async () => {
  sso = createServer((_, response) => {
    response.statusCode = 401;
    response.end();
  });
  await new Promise<void>((resolve) => sso.listen(0, '127.0.0.1', () => resolve()));
  echo = await startEchoServer();
});
afterAll(async () => {
  await echo.close();
  sso.close();
  remove();
});

describe.each([
  ['by what they mean', 'true', { '/web/%6Fpen': 200, '/web/./open/x': 200, '/web/open/../secret': 400 }],
  ['as text', 'false', { '/web/%6Fpen': 401, '/web/open/../secret': 401, '/web/open/%2e%2e/secret': 401 }],
])('paths compared %s', (_, normalize, odd) => {
  let http = 0;
  let haproxy: { stop(): Promise<void> };

  beforeAll(async () => {
    [http = 0] = await freePorts(1);
    const settings = settingsOf(root, { DEFAULT_PORTS: String(http), NORMALIZE_PATHS: normalize });
    const authUrl = `http://127.0.0.1:${(sso.address() as AddressInfo).port}/verify`;
    const web = routedService(
      { serviceName: 'web', servicePath: '/web', port: String(echo.port), authUrl, authExcept: '/web/open' },
      settings,
    );
    haproxy = await startHaproxy(writeConfig(renderServices([web], settings), settings), [http]);
  });
  afterAll(() => haproxy.stop());

  const plain = { '/web/open': 200, '/web/open/x': 200, '/web/opened': 401, '/web': 401 };

  test.each(Object.entries({ ...plain, ...odd }))('%s gets %i', async (path, status) => {
    expect((await ask(http, { path })).status).toBe(status);
  });
});
