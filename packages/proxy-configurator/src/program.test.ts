import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { Parameters } from '@docker-flow/labels';
import { createStandInCertificate } from './certificates/self-signed-certificate.js';
import { ask, freePorts } from './testing/live-haproxy.js';
import { useLiveProgram } from './testing/live-program.js';

/** The whole program over a folder of its own, with the real HAProxy. Names lead to this machine. */

const world = useLiveProgram();
const { start, file, cleanUp } = world;

/** What HAProxy answers; 0 while it does not listen. */
async function statusOf(target: string): Promise<number> {
  return ask(world.port, { path: target }).then(
    ({ status }) => status,
    () => 0,
  );
}

/** What HAProxy answers to the first visitor that it takes. */
async function firstStatusOf(target: string): Promise<number> {
  let status = 0;
  await until(async () => {
    status = await statusOf(target);
    return status !== 0;
  });
  return status;
}

async function until(check: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await check())) await sleep(10);
}

function web(more: Parameters = {}): Parameters {
  return { serviceName: 'web', servicePath: '/web', port: String(world.echo.port), ...more };
}

/** A listener whose list a test can change. */
async function startListener(services: readonly Parameters[]) {
  const state = { services, failures: 0, answersAfterMs: 0 };
  const server = createServer((_request, response) => {
    state.failures -= 1;
    if (state.failures >= 0) response.writeHead(503).end();
    else setTimeout(() => response.end(JSON.stringify(state.services)), state.answersAfterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { state, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('start', () => {
  test('is ready when HAProxy serves, without any service', async () => {
    const { call } = await start();
    await until(async () => (await call('/readyz')).status === 200);
    expect(await statusOf('/')).toBe(503);
    expect((await call('/metrics')).body['text']).toContain('docker_flow_proxy_reloads_total');
  });

  test('serves what the environment and a listener name, and asks again while the listener does not answer', async () => {
    const { state, address } = await startListener([web()]);
    state.failures = 2;
    const { get } = await start({
      LISTENER_ADDRESS: address,
      RELOAD_INTERVAL: '100',
      DFP_SERVICE_SERVICE_NAME: 'env',
      DFP_SERVICE_SERVICE_PATH: '/env',
      DFP_SERVICE_PORT: String(world.echo.port),
    });
    await until(async () => (await get('/successfulinitreload')).status === 200);
    expect([await statusOf('/env'), await statusOf('/web')]).toEqual([200, 200]);
  });

  test('the first visitor is served, also where the listener takes its time', async () => {
    const { state, address } = await startListener([web()]);
    // Later than a first configuration takes.
    state.answersAfterMs = 1_500;
    await start({ LISTENER_ADDRESS: address });
    expect(await firstStatusOf('/web')).toBe(200);
  });

  test('the first visitor is served, also where the listener is being replaced', async () => {
    const { state, address } = await startListener([web()]);
    state.failures = 2;
    await start({ LISTENER_ADDRESS: address });
    expect(await firstStatusOf('/web')).toBe(200);
  });

  test('who tells of a service himself does not wait for a listener that is not there', async () => {
    const { get } = await start({ LISTENER_ADDRESS: '127.0.0.1:1' });
    const begun = performance.now();
    expect((await get('/reconfigure', web())).status).toBe(200);
    expect(await statusOf('/web')).toBe(200);
    // Without a request it would have been half a minute.
    expect(performance.now() - begun).toBeLessThan(25_000);
  });

  test('runs the services of the last run before anybody names them', async () => {
    const first = await start();
    await first.get('/reconfigure', web());
    expect(JSON.parse(readFileSync(file('cfg/services.json'), 'utf8'))).toMatchObject({
      services: [{ parameters: web() }],
    });
    await first.end();
    expect(await statusOf('/web')).toBe(0);
    await start();
    await until(async () => (await statusOf('/web')) === 200);
  });
});

test('certificates of another replica are there before the first visitor', async () => {
  const pem = createStandInCertificate('shop.test', new Date(), ['shop.test']);
  const [api = 0, tls = 0] = await freePorts(2);
  const peer = createServer((request, response) => {
    const Certs = request.url?.includes('/certs')
      ? [{ ProxyServiceName: 'shop.test', CertContent: pem }]
      : [];
    // Later than a first configuration takes, as on a busy machine: it has to be waited for.
    setTimeout(() => response.end(JSON.stringify({ Certs })), 1_500);
  });
  await new Promise<void>((resolve) => peer.listen(api, '127.0.0.77', resolve));
  cleanUp(async () => {
    peer.closeAllConnections();
    await new Promise((resolve) => peer.close(resolve));
  });
  await start({ DEFAULT_PORTS: `${world.port},${tls}:ssl`, DF_LISTEN_ADDRESS: `127.0.0.1:${api}` }, (host) =>
    host === 'tasks.proxy' ? ['127.0.0.77'] : ['127.0.0.1'],
  );
  let shown: string | undefined;
  await until(async () => {
    shown = await certificateOf(tls);
    return shown !== undefined;
  });
  expect(shown).toBe('shop.test');
});

/** Whose certificate is shown; `undefined` while nobody listens. */
function certificateOf(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.on('error', () => resolve(undefined));
  });
}

describe('a service', () => {
  test('is served when its request is answered, and gone when its removal is', async () => {
    const { get } = await start();
    expect(await get('/reconfigure', web())).toMatchObject({
      status: 200,
      body: { Status: 'OK', Message: '' },
    });
    expect(await statusOf('/web')).toBe(200);
    expect((await get('/remove', { serviceName: 'web' })).status).toBe(200);
    expect(await statusOf('/web')).toBe(503);
  });

  test('that cannot be read or that HAProxy refuses is rejected, and its neighbour is served', async () => {
    const { get, call } = await start();
    await get('/reconfigure', web());
    const unreadable = await get('/reconfigure', web({ serviceName: 'a', port: 'http' }));
    const refused = await get('/reconfigure', web({ serviceName: 'b', backendExtra: 'nonsense' }));
    expect([unreadable.status, refused.status]).toEqual([400, 500]);
    expect(refused.body['Message']).toContain('nonsense');
    expect(await statusOf('/web')).toBe(200);
    const { rejected } = (await get('/status')).body as { rejected: readonly { service: string }[] };
    expect(rejected.map(({ service }) => service)).toEqual(['a', 'b']);
    expect((await call('/readyz')).body['rejected']).toEqual(['a', 'b']);
  });

  test('that leads nowhere yet is served as soon as it does', async () => {
    let isThere = false;
    const { get } = await start({}, () => (isThere ? ['127.0.0.1'] : []));
    expect((await get('/reconfigure', web())).status).toBe(500);
    isThere = true;
    await until(async () => (await statusOf('/web')) === 200);
  });

  test('is found again by explain, and in the configuration', async () => {
    const { get } = await start();
    await get('/reconfigure', web({ users: 'me:topsecret' }));
    const { body } = await get('/explain', { path: '/web/x' });
    expect(body['taken']).toMatchObject({ service: 'web' });
    const text = (await get('/config')).body['text'];
    expect(text).toContain('backend web-be');
    expect(text).not.toContain('topsecret');
  });

  test('is passed on to the other replicas when the request says so', async () => {
    const { get } = await start();
    const { status, body } = await get('/reconfigure', web({ distribute: 'true' }));
    expect([status, body['Message']]).toEqual([200, 'Distributed to all instances']);
  });
});

test('a file that was changed by hand runs when it is asked for, and is refused when it is wrong', async () => {
  const { get } = await start();
  await get('/reconfigure', web());
  const config = file('cfg/haproxy.cfg');
  const text = readFileSync(config, 'utf8');
  writeFileSync(
    config,
    text.replace('frontend services\n', 'frontend services\n    http-request return status 418\n'),
  );
  expect((await get('/reload')).status).toBe(200);
  expect(await statusOf('/web')).toBe(418);
  writeFileSync(config, 'nonsense\n');
  expect((await get('/reload')).status).toBe(500);
  expect(await statusOf('/web')).toBe(418);
  expect((await get('/reload', { recreate: 'true' })).status).toBe(200);
  expect(await statusOf('/web')).toBe(200);
});

describe('an account of an authority', () => {
  const [ONE, TWO] = ['a'.repeat(43), 'b'.repeat(43)] as const;
  const TOKEN = '/.well-known/acme-challenge/token';
  const answer = () => ask(world.port, { path: TOKEN }).then(({ body }) => body);

  test('what its owner says of a certificate is in the status', async () => {
    const { send, get } = await start();
    const owner = { thumbprint: ONE, owner: 'me', ttl: '60' };
    const put = (body: string) => send('PUT', '/acme', owner, { body });
    const name = 'acme-web.pem';
    const pem = createStandInCertificate('a.test', new Date(), ['a.test']);
    await send('PUT', '/cert', { certName: name }, { body: pem });
    expect(await put('{"certificates": [{}]}')).toMatchObject({ status: 400 });
    const told = { certName: name, renewAt: '2027-03-01T00:00:00.000Z', problem: 'dns: no such name' };
    expect(await put(JSON.stringify({ certificates: [told] }))).toMatchObject({ status: 200 });
    const { body } = await get('/status');
    expect(body['certificates']).toMatchObject([
      { name, renewAt: told.renewAt, renewalProblem: told.problem },
    ]);
  });

  test('is answered for when its request is answered, and after a restart', async () => {
    const { send, get, end } = await start();
    expect(await send('PUT', '/acme', { thumbprint: 'short' })).toMatchObject({ status: 400 });
    const claim = { thumbprint: ONE, owner: 'me', ttl: '60', directory: 'https://ca.test/dir' };
    expect(await send('PUT', '/acme', claim)).toMatchObject({ status: 200 });
    expect(await answer()).toBe(`token.${ONE}`);
    expect((await get('/acme')).body).toMatchObject({ thumbprint: ONE, owner: 'me', live: true });
    expect(await send('PUT', '/acme', { thumbprint: TWO, owner: 'you' })).toMatchObject({
      status: 409,
      body: { owner: 'me' },
    });
    expect(await send('DELETE', '/acme', { owner: 'me' })).toMatchObject({ status: 200 });
    expect(await send('PUT', '/acme', { thumbprint: TWO, owner: 'you' })).toMatchObject({ status: 200 });
    expect(await answer()).toBe(`token.${TWO}`);
    await end();
    const again = await start();
    await until(async () => (await again.get('/acme')).body['live'] === true);
    expect((await again.get('/acme')).body).toMatchObject({ thumbprint: TWO, owner: null });
    expect(await answer()).toBe(`token.${TWO}`);
  });

  test('of the variable is answered for', async () => {
    await start({ ACME_THUMBPRINT: ONE });
    await until(async () => (await statusOf(TOKEN)) === 200);
    expect(await answer()).toBe(`token.${ONE}`);
  });

  test('takes the challenges from companions, which status tells', async () => {
    const { send, get } = await start();
    await get('/reconfigure', web({ serviceName: 'companion', servicePath: '/.well-known/acme-challenge' }));
    expect((await get('/status')).body['warnings']).toEqual([]);
    await send('PUT', '/acme', { thumbprint: ONE });
    expect((await get('/status')).body['warnings']).toEqual([
      expect.stringMatching(/companion .* no challenges/),
    ]);
  });

  test.each([
    ['is where a template of the operator puts it', '{{.AcmeChallenge}}', 200],
    ['is missed by status when a template has no place for it', '', 503],
  ])('%s', async (_title, place, status) => {
    writeFileSync(
      file('cfg/tmpl/own.tmpl'),
      `defaults\n    mode http\n    timeout connect 5s\n    timeout client 5s\n    timeout server 5s\nfrontend services{{.DefaultBinds}}\n    mode http${place}{{.ExtraFrontend}}{{.ContentFrontend}}\n`,
    );
    const { send, get } = await start({ CFG_TEMPLATE_PATH: file('cfg/tmpl/own.tmpl') });
    expect((await send('PUT', '/acme', { thumbprint: ONE })).status).toBe(status);
    expect((await get('/acme')).body['live']).toBe(status === 200);
    const { warnings } = (await get('/status')).body as { warnings: readonly string[] };
    expect(warnings.some((one) => one.includes('{{.AcmeChallenge}}'))).toBe(status !== 200);
  });
});

test('a certificate opens https for a name, without a reload, and its removal closes it', async () => {
  const [tls = 0] = await freePorts(1);
  const { send, get, call } = await start({ DEFAULT_PORTS: `${world.port},${tls}:ssl` });
  await get(
    '/reconfigure',
    web({ servicePath: '/', serviceDomain: 'a.test', httpsOnly: 'true', acme: 'true' }),
  );
  const statusOfHost = async () => (await ask(world.port, { host: 'a.test' })).status;
  expect(await statusOfHost()).toBe(200);
  const reloads = async () => {
    const text = String((await call('/metrics')).body['text']);
    const samples = text.matchAll(/^docker_flow_proxy_reloads_total\{[^}]*"reloaded"[^}]*\} (\d+)$/gm);
    return [...samples].reduce((sum, [, count]) => sum + Number(count), 0);
  };
  const first = { body: createStandInCertificate('0.test', new Date(), ['0.test']) };
  expect(await send('PUT', '/cert', { certName: '0.pem' }, first)).toMatchObject({ status: 200 });
  const before = await reloads();
  expect(before).toBeGreaterThan(0);
  const pem = createStandInCertificate('a.test', new Date(), ['a.test']);
  expect(await send('PUT', '/cert', { certName: 'acme-web.pem' }, { body: pem })).toMatchObject({
    status: 200,
  });
  expect(await statusOfHost()).toBe(302);
  expect(await reloads()).toBe(before);
  expect(await send('DELETE', '/cert', { certName: 'acme-web.pem' })).toMatchObject({ status: 200 });
  expect(await send('DELETE', '/cert', { certName: 'acme-web.pem' })).toMatchObject({ status: 200 });
  expect(await send('DELETE', '/cert', { certName: '../x' })).toMatchObject({ status: 400 });
  expect(await statusOfHost()).toBe(200);
});

test('the end takes HAProxy with it', async () => {
  const { get, end } = await start();
  await get('/reconfigure', web());
  expect(await end()).toBe(0);
  expect(await statusOf('/web')).toBe(0);
});
