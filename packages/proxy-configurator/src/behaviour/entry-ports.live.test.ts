import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { Parameters } from '@docker-flow/labels';
import { createStandInCertificate } from '../certificates/self-signed-certificate.js';
import {
  ask,
  freePorts,
  makeRoot,
  startByteServer,
  startEchoServer,
  type EchoServer,
} from '../testing/live-haproxy.js';
import { startProxy, type RunningProxy } from '../testing/running-proxy.js';

/** http, sni and tcp services that want one port of DEFAULT_PORTS: one outcome, whoever came first. */

let place: ReturnType<typeof makeRoot>;
let echo: EchoServer;
let bytes: EchoServer;
let own: Server;
let ports: { readonly http: number; readonly https: number };
let proxy: RunningProxy;
beforeAll(async () => {
  echo = await startEchoServer();
  bytes = await startByteServer('bytes\n');
  const pem = createStandInCertificate('own.test', new Date());
  own = createServer({ key: pem, cert: pem });
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
  place = makeRoot();
  const [http = 0, https = 0] = await freePorts(2);
  ports = { http, https };
  proxy = await start();
});
afterEach(async () => {
  await proxy.end();
  place.remove();
});
afterAll(async () => {
  await echo.close();
  await bytes.close();
  own.close();
});

function start(): Promise<RunningProxy> {
  return startProxy({
    root: place.root,
    environment: { DEFAULT_PORTS: `${ports.http},${ports.https}:ssl` },
  });
}

function services(): Readonly<Record<'http' | 'sni' | 'tcp', Parameters>> {
  const srcPort = String(ports.https);
  const { port } = own.address() as AddressInfo;
  return {
    http: { serviceName: 'http', servicePath: '/', port: String(echo.port) },
    sni: { serviceName: 'sni', reqMode: 'sni', serviceDomain: 'own.test', srcPort, port: String(port) },
    tcp: { serviceName: 'tcp', reqMode: 'tcp', srcPort, port: String(bytes.port) },
  };
}
type Kind = keyof ReturnType<typeof services>;

/** The certificate that a client of this name gets; undefined where TLS is not spoken. */
function certificateFor(servername: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connectTls(
      { host: '127.0.0.1', port: ports.https, servername, rejectUnauthorized: false },
      () => {
        resolve(String(socket.getPeerCertificate().subject.CN));
        socket.destroy();
      },
    );
    socket.on('error', () => resolve(undefined));
  });
}

/** What somebody hears who says something that is no TLS. */
function greeting(): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(ports.https, '127.0.0.1', () => socket.end('hello\n'));
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

/** Who answers whom on both ports. */
async function outcome() {
  return {
    plain: await ask(ports.http).then(
      ({ status }) => status,
      () => 'closed',
    ),
    ownName: await certificateFor('own.test'),
    otherName: await certificateFor('other.test'),
    bytes: (await greeting()).startsWith('bytes'),
    rejected: (await proxy.call('/readyz')).body['rejected'],
  };
}

async function add(kind: Kind): Promise<string> {
  const { status, body } = await proxy.get('/reconfigure', services()[kind]);
  return `${status} ${String(body['Message'])}`;
}

async function restart(): Promise<void> {
  await proxy.end();
  proxy = await start();
  while ((await proxy.call('/readyz')).status !== 200) await sleep(20);
}

const TOLD = /is taken by DEFAULT_PORTS as long as there is an http service/;
const THREE = { plain: 200, ownName: 'own.test', otherName: 'stand-in', bytes: false, rejected: ['tcp'] };

describe('three kinds on one port', () => {
  test.each<readonly Kind[]>([
    ['http', 'sni', 'tcp'],
    ['tcp', 'sni', 'http'],
    ['sni', 'tcp', 'http'],
  ])('in the order %s, %s, %s, also after a restart', async (...kinds) => {
    const said: Partial<Record<Kind, string>> = {};
    for (const kind of kinds) said[kind] = await add(kind);
    expect([said.http, said.sni]).toEqual(['200 ', '200 ']);
    expect(said.tcp).toMatch(kinds.indexOf('tcp') > kinds.indexOf('http') ? TOLD : /^200 $/);
    expect(await outcome()).toEqual(THREE);
    const { rejected } = (await proxy.get('/status')).body as { rejected: readonly { message: string }[] };
    expect(rejected.map(({ message }) => message)).toEqual([expect.stringMatching(TOLD)]);
    await restart();
    expect(await outcome()).toEqual(THREE);
    await proxy.get('/remove', { serviceName: 'http' });
    expect(await outcome()).toEqual({
      plain: 'closed',
      ownName: 'own.test',
      otherName: undefined,
      bytes: true,
      rejected: [],
    });
  });
});

test('an http service that HAProxy refuses takes no port from a tcp service', async () => {
  await add('tcp');
  const bad = { ...services().http, backendExtra: 'nonsense' };
  expect((await proxy.get('/reconfigure', bad)).status).toBe(500);
  expect(await outcome()).toMatchObject({ plain: 'closed', bytes: true, rejected: ['http'] });
});
