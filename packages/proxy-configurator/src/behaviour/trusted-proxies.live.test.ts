import { afterAll, beforeAll, expect, test } from '@jest/globals';
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

/** A real HAProxy that trusts this machine and 10.0.0.0/8, two deep. */
const { root, remove } = makeRoot();
let echo: EchoServer;
let http: number;
let haproxy: { stop(): Promise<void> };

beforeAll(async () => {
  echo = await startEchoServer();
  [http = 0] = await freePorts(1);
  const settings = settingsOf(root, {
    DEFAULT_PORTS: String(http),
    TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8,2001:db8::/32',
    TRUSTED_PROXY_DEPTH: '3',
  });
  const web = routedService({ serviceName: 'web', servicePath: '/', port: String(echo.port) }, settings);
  haproxy = await startHaproxy(writeConfig(renderServices([web], settings), settings), [http]);
});
afterAll(async () => {
  await haproxy.stop();
  await echo.close();
  remove();
});

async function clientOf(forwardedFor: string): Promise<unknown> {
  const { body } = await ask(http, { headers: { 'X-Forwarded-For': forwardedFor, 'X-Real-IP': '6.6.6.6' } });
  const { headers } = JSON.parse(body) as { headers: Record<string, unknown> };
  expect(headers['x-real-ip']).toBe(headers['x-forwarded-for']);
  return headers['x-forwarded-for'];
}

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:4711', '203.0.113.9'],
  ['203.0.113.9, 10.0.0.1', '203.0.113.9'],
  ['2001:db8::1', '2001:db8::1'],
  ['203.0.113.9, [2001:db8::1]:443', '203.0.113.9'],
  ['[2001:db9::1]', '2001:db9::1'],
  ['203.0.113.9, 10.0.0.300', '127.0.0.1'],
  ['203.0.113.9, unknown', '127.0.0.1'],
  ['203.0.113.9, unknown, 10.0.0.1', '10.0.0.1'],
  ['203.0.113.9, proxy.test, 10.0.0.1', '10.0.0.1'],
  [', 10.0.0.1', '10.0.0.1'],
  ['203.0.113.9, 10.0.0.3, 10.0.0.2, 10.0.0.1', '10.0.0.3'],
])('%s names %s', async (header, client) => {
  expect(await clientOf(header)).toBe(client);
});
