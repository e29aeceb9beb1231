import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { beforeEach, expect, test } from '@jest/globals';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { Parameters } from '@docker-flow/labels';
import { createStandInCertificate } from '../certificates/self-signed-certificate.js';
import { freePorts } from '../testing/live-haproxy.js';
import { useLiveProgram } from '../testing/live-program.js';

/** Certificates of labels in handshakes with the real HAProxy. */

const world = useLiveProgram();
let tls = 0;
beforeEach(async () => {
  [tls = 0] = await freePorts(1);
});

function certificate(...names: readonly string[]): string {
  return createStandInCertificate(names[0] ?? '', new Date(), names);
}

async function start() {
  const program = await world.start({ DEFAULT_PORTS: `${world.port},${tls}:ssl` });
  while ((await program.call('/readyz')).status !== 200) await sleep(10);
  return program;
}

/** Labels of a service that brings a certificate. */
function withCertificate(
  serviceName: string,
  domain: string,
  pem: string,
  more: Parameters = {},
): Parameters {
  return {
    serviceName,
    serviceDomain: domain,
    servicePath: `/${serviceName}`,
    port: String(world.echo.port),
    serviceCert: pem.replaceAll('\n', '\\n'),
    ...more,
  };
}

/** The certificate that a client gets who asks for a name, as the base64 of a PEM's first line. */
function shownFor(servername: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: tls, host: '127.0.0.1', servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().raw.toString('base64'));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

function isIt(pem: string, shown: string): boolean {
  return pem.replaceAll('\n', '').includes(shown);
}

async function isShown(pem: string, name: string): Promise<boolean> {
  return isIt(pem, await shownFor(name));
}

function labelFiles(): readonly string[] {
  const folder = world.file('cfg/label-certificates');
  return existsSync(folder) ? readdirSync(folder) : [];
}

test('a certificate of a label comes, is renewed and goes with its service, and survives a restart', async () => {
  const [first, second] = [certificate('web.test'), certificate('web.test')];
  const { get, end } = await start();
  await get('/reconfigure', withCertificate('web', 'web.test', first));
  expect(await isShown(first, 'web.test')).toBe(true);
  await get('/reconfigure', withCertificate('web', 'web.test', second));
  expect(await isShown(second, 'web.test')).toBe(true);
  expect(labelFiles()).toHaveLength(1);
  await end();
  const again = await start();
  await again.get('/reload');
  expect(await isShown(second, 'web.test')).toBe(true);
  await again.get('/remove', { serviceName: 'web' });
  expect(await isShown(second, 'web.test')).toBe(false);
  expect([labelFiles(), readdirSync(world.file('certs'))]).toEqual([[], []]);
});

test('a certificate of the operator is never replaced, nor beaten for a name it covers', async () => {
  const own = certificate('bank.test', '*.shop.test');
  const { get, send } = await start();
  await send('PUT', '/cert', { certName: 'bank.test' }, { body: own });
  const forged = certificate('bank.test', 'www.shop.test', 'evil.test');
  await get('/reconfigure', withCertificate('evil', 'bank.test,www.shop.test,evil.test', forged));
  expect(await isShown(own, 'bank.test')).toBe(true);
  expect(await isShown(own, 'www.shop.test')).toBe(true);
  expect(await isShown(forged, 'evil.test')).toBe(true);
  expect(await isShown(own, 'unknown.test')).toBe(true);
  expect(readFileSync(world.file('certs/bank.test'), 'utf8')).toBe(own);
  await get('/remove', { serviceName: 'evil' });
  expect(readFileSync(world.file('certs/bank.test'), 'utf8')).toBe(own);
});

test('one that the operator brings later wins at once', async () => {
  const { get, send } = await start();
  const forged = certificate('bank.test');
  await get('/reconfigure', withCertificate('evil', 'bank.test', forged));
  expect(await isShown(forged, 'bank.test')).toBe(true);
  const own = certificate('bank.test');
  await send('PUT', '/cert', { certName: 'mine' }, { body: own });
  expect(await isShown(own, 'bank.test')).toBe(true);
});

test('a neighbour keeps its certificate and its place as the default', async () => {
  const victims = certificate('bank.test');
  const { get } = await start();
  await get('/reconfigure', withCertificate('bank', 'bank.test', victims));
  for (const [name, domain] of [
    ['aa', 'bank.test'],
    ['ab', 'other.test'],
    ['ac', '*.test'],
  ] as const) {
    await get('/reconfigure', withCertificate(name, domain, certificate('bank.test', '*.test', 'ab.test')));
    expect(await isShown(victims, 'bank.test')).toBe(true);
    expect(await isShown(victims, 'no-such-name')).toBe(true);
  }
});

test.each([
  ['for another reason', { backendExtra: 'nonsense' }, 500],
  ['for its labels', { reqMode: 'udp' }, 400],
])('a service that is rejected %s leaves nothing behind', async (_why, labels, status) => {
  const { get } = await start();
  const pem = certificate('web.test');
  const answer = await get('/reconfigure', withCertificate('web', 'web.test', pem, labels));
  expect(answer.status).toBe(status);
  expect(await isShown(pem, 'web.test')).toBe(false);
  expect(labelFiles()).toEqual([]);
});

test('a version that is rejected leaves the certificate of the one that runs', async () => {
  const { get } = await start();
  const [first, second] = [certificate('web.test'), certificate('web.test')];
  await get('/reconfigure', withCertificate('web', 'web.test', first));
  await get('/reconfigure', withCertificate('web', 'web.test', second, { backendExtra: 'nonsense' }));
  expect(await isShown(first, 'web.test')).toBe(true);
  expect(labelFiles()).toHaveLength(1);
});

test('keys of labels are not listed, and status says whose certificate is not shown and why', async () => {
  const { get } = await start();
  writeFileSync(world.file('run/secrets/cert-a'), certificate('web.test'));
  await get('/reconfigure', withCertificate('web', 'web.test', certificate('web.test')));
  expect((await get('/certs')).body).toMatchObject({ Certs: [] });
  expect((await get('/status')).body).toMatchObject({
    certificates: [
      { name: 'cert-a', source: 'secret' },
      {
        name: 'web',
        source: 'label',
        names: [],
        problem: 'not shown for web.test: a certificate of the operator is for it',
      },
    ],
  });
});
