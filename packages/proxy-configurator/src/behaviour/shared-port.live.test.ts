import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { createStandInCertificate } from '../certificates/self-signed-certificate.js';
import { alertsOf } from '../core/changes/attribute-alerts.js';
import {
  ask,
  checkConfig,
  freePorts,
  startByteServer,
  startHaproxy,
  writeConfig,
} from '../testing/live-haproxy.js';
import { useLiveWorld } from '../testing/live-world.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/** sni destinations on a port that http or tcp services have, too. */

const world = useLiveWorld();
let own: Server;
let stop: (() => Promise<void>) | undefined;
let servers: { close(): unknown }[] = [];
beforeAll(async () => {
  const pem = createStandInCertificate('own.test', new Date());
  own = createServer({ key: pem, cert: pem }, (_request, response) => response.end('from own'));
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await stop?.();
  for (const server of servers) server.close();
  servers = [];
});
afterAll(() => {
  own.closeAllConnections();
  own.close();
});

async function serve(
  environment: Readonly<Record<string, string>>,
  services: readonly Parameters[],
  ports: readonly number[],
): Promise<void> {
  const settings = settingsOf(world.root, environment);
  const rendered = renderServices(
    services.map((one) => routedService(one, settings)),
    settings,
  );
  const file = writeConfig(rendered, settings);
  const { ok, output } = checkConfig(file);
  expect([ok, alertsOf(output)]).toEqual([true, []]);
  ({ stop } = await startHaproxy(file, ports));
}

function passedThrough(port: number): Parameters {
  const { port: target } = own.address() as AddressInfo;
  return {
    serviceName: 'own',
    reqMode: 'sni',
    serviceDomain: 'own.test',
    srcPort: String(port),
    port: String(target),
  };
}

function web(more: Parameters = {}): Parameters {
  return { serviceName: 'web', servicePath: '/', port: String(world.echoPort), ...more };
}

interface TlsAnswer {
  readonly certificate: string;
  readonly protocol: string;
  readonly text: string;
}

/** One HTTP/1.1 request over TLS, maybe with something said before it. */
function askTls(
  port: number,
  servername: string,
  { alpn = ['http/1.1'], before = '' }: { alpn?: readonly string[]; before?: string } = {},
): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      if (before !== '') socket.write(before);
      const tls = connectTls(
        { socket, servername, rejectUnauthorized: false, ALPNProtocols: [...alpn] },
        () => {
          const certificate = String(tls.getPeerCertificate().subject.CN);
          const protocol = String(tls.alpnProtocol);
          if (protocol === 'h2') {
            tls.destroy();
            resolve({ certificate, protocol, text: '' });
            return;
          }
          tls.write(`GET / HTTP/1.1\r\nHost: ${servername}\r\nConnection: close\r\n\r\n`);
          let text = '';
          tls.on('data', (chunk: Buffer) => (text += chunk.toString()));
          tls.on('end', () => resolve({ certificate, protocol, text }));
        },
      );
      tls.on('error', reject);
    });
    socket.on('error', reject);
  });
}

/** What is received until the other side closes or `enough` has come. */
function talk(port: number, said: string, enough: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(said));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (enough.test(text)) socket.destroy();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

test('TLS with their names passes, all else ends at the proxy as if it had the port alone', async () => {
  const [http = 0, https = 0] = await freePorts(2);
  const environment = { DEFAULT_PORTS: `${http},${https}:ssl` };
  await serve(environment, [passedThrough(https), web({ srcPort: String(https) })], [http, https]);
  expect(await askTls(https, 'own.test')).toMatchObject({
    certificate: 'own.test',
    text: expect.stringContaining('from own'),
  });
  const other = await askTls(https, 'web.test');
  expect(other).toMatchObject({
    certificate: 'stand-in',
    text: expect.stringContaining('"x-forwarded-proto":"https"'),
  });
  expect(other.text).toContain('"x-forwarded-for":"127.0.0.1"');
  expect(await askTls(https, 'web.test', { alpn: ['h2', 'http/1.1'] })).toMatchObject({ protocol: 'h2' });
});

test('options of the port stay with it: a PROXY header in front names the client to both', async () => {
  const [https = 0] = await freePorts(1);
  const environment = {
    DEFAULT_PORTS: `${https} accept-proxy:ssl`,
    EXTRA_FRONTEND: 'tcp-request connection reject if { src 192.0.2.66 }',
  };
  await serve(environment, [passedThrough(https), web()], [https]);
  const from = (address: string) => ({ before: `PROXY TCP4 ${address} 10.0.0.1 4711 443\r\n` });
  expect((await askTls(https, 'own.test', from('192.0.2.7'))).text).toContain('from own');
  const { text } = await askTls(https, 'web.test', from('192.0.2.7'));
  expect(text).toContain('"x-forwarded-for":"192.0.2.7"');
  expect((await askTls(https, 'web.test', from('192.0.2.66'))).text).toBe('');
});

test('an answer may take longer than the time-outs of the port in front', async () => {
  const [http = 0] = await freePorts(1);
  const slow = createHttpServer((_request, response) => setTimeout(() => response.end('late'), 2_000));
  servers.push(slow);
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const { port: target } = slow.address() as AddressInfo;
  const environment = { TIMEOUT_CLIENT: '1', TIMEOUT_SERVER: '1', TIMEOUT_TUNNEL: '1' };
  await serve(
    { DEFAULT_PORTS: String(http), ...environment },
    [passedThrough(http), web({ port: String(target), timeoutServer: '9' })],
    [http],
  );
  expect(await ask(http)).toMatchObject({ status: 200, body: 'late' });
});

test('a tcp service gets what has none of the names, also when its clients wait for it to speak', async () => {
  const [port = 0] = await freePorts(1);
  const bytes = await startByteServer('hello\n');
  servers.push(bytes);
  const tcp = { serviceName: 'tcp', reqMode: 'tcp', srcPort: String(port), port: String(bytes.port) };
  await serve({}, [passedThrough(port), tcp], [port]);
  expect((await askTls(port, 'own.test')).text).toContain('from own');
  expect(await talk(port, 'echo\n', /echo/)).toBe('hello\necho\n');
  expect(await talk(port, '', /hello/)).toBe('hello\n');
});
