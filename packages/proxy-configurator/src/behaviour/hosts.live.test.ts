import { createServer as createTlsServer, request as tlsRequest, type Server } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { createStandInCertificate } from '../certificates/self-signed-certificate.js';
import { ask, freePorts, startHaproxy, writeConfig } from '../testing/live-haproxy.js';
import { useLiveWorld } from '../testing/live-world.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/** Hosts as clients really send them, and what services are told of them. */

const world = useLiveWorld();
let http = 0;
let https = 0;
let secured: Server;
let haproxy: { stop(): Promise<void> };

beforeAll(async () => {
  const pem = createStandInCertificate('secured', new Date());
  secured = createTlsServer({ cert: pem, key: pem }, ({ socket }, response) => {
    response.end(String((socket as TLSSocket & { servername?: string | false }).servername));
  });
  await new Promise<void>((resolve) => secured.listen(0, '127.0.0.1', resolve));
  [http = 0, https = 0] = await freePorts(2);
  const settings = settingsOf(world.root, { DEFAULT_PORTS: `${http},${https}:ssl` });
  const port = String(world.echoPort);
  const tls = { port: String((secured.address() as AddressInfo).port), sslVerifyNone: 'true' };
  const services: readonly Parameters[] = [
    { serviceName: 'shop', serviceDomain: 'shop.test', redirectFromDomain: 'www.shop.test', port },
    { serviceName: 'exact', serviceDomain: 'exact.test', serviceDomainAlgo: 'hdr(host)', port },
    { serviceName: 'suffix', serviceDomain: '*.suffix.test', port },
    { serviceName: 'books', serviceDomain: 'bücher.test', port },
    { serviceName: 'composed', serviceDomain: 'cafe\u0301.test', serviceDomainAlgo: 'hdr(host)', port },
    { serviceName: 'dots', serviceDomain: '*.例え。テスト', port },
    { serviceName: 'rooted', serviceDomain: 'rooted.test.', serviceDomainAlgo: 'hdr(host)', port },
    { serviceName: 'under', serviceDomain: '*.under.test.', port },
    { serviceName: 'moved', serviceDomain: 'größe.test', redirectFromDomain: 'www.größe.test', port },
    {
      serviceName: 'small',
      serviceDomain: 'small.test',
      port,
      compressionAlgo: 'gzip',
      compressionType: 'text/html,application/json',
    },
    { serviceName: 'secured', serviceDomain: 'secured.test,127.0.0.1', ...tls },
    { serviceName: 'named', serviceDomain: 'named.test', serverName: 'inner.test', ...tls },
    {
      serviceName: 'external',
      serviceDomain: 'external.test',
      setReqHeader: 'Host api.example.test',
      ...tls,
    },
  ];
  const rendered = renderServices(
    services.map((one) => routedService(one, settings)),
    settings,
  );
  haproxy = await startHaproxy(writeConfig(rendered, settings), [http, https]);
});
afterAll(async () => {
  await haproxy.stop();
  secured.closeAllConnections();
  secured.close();
});

function askOverTls(host: string, path: string): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: https, path, agent: false, rejectUnauthorized: false };
    tlsRequest({ ...options, headers: { Host: host } }, (response) => {
      response
        .resume()
        .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
    })
      .on('error', reject)
      .end();
  });
}

test('a redirect to another domain keeps https, and http', async () => {
  const secure = await askOverTls('www.shop.test', '/a?b=1');
  expect([secure.status, secure.headers.location]).toEqual([301, 'https://shop.test/a?b=1']);
  const plain = await ask(http, { host: 'www.shop.test', path: '/a' });
  expect([plain.status, plain.headers.location]).toEqual([301, 'http://shop.test/a']);
});

test.each(['rooted.test', 'rooted.test.', 'x.under.test', 'x.under.test.'])(
  'the Host %s is one of a domain that is written with the dot of the root',
  async (host) => {
    expect((await ask(http, { host })).status).toBe(200);
  },
);

test.each(['exact.test', 'exact.test.', 'EXACT.test.', 'x.suffix.test.', 'x.suffix.test.:80', 'shop.test.'])(
  'the Host %s is the one without the dot of the root',
  async (host) => {
    expect((await ask(http, { host })).status).toBe(200);
  },
);

test.each(['exact.test..', '.exact.test', 'exact.testx'])('the Host %s is another one', async (host) => {
  expect((await ask(http, { host })).status).toBe(503);
});

test.each([
  'xn--bcher-kva.test',
  'XN--BCHER-KVA.test.',
  'xn--caf-dma.test',
  'www.xn--r8jz45g.xn--zckzah',
  'xn--gre-6ka8i.test',
])('a domain in letters of any language is found by the name that browsers send: %s', async (host) => {
  expect((await ask(http, { host })).status).toBe(200);
});

test('a redirect from and to such a domain names it as browsers do', async () => {
  const { status, headers } = await ask(http, { host: 'www.xn--gre-6ka8i.test', path: '/a' });
  expect([status, headers.location]).toEqual([301, 'http://xn--gre-6ka8i.test/a']);
});

test('each type of a list with commas is compressed', async () => {
  const answer = await ask(http, { host: 'small.test', headers: { 'Accept-Encoding': 'gzip' } });
  expect([answer.headers['content-type'], answer.headers['content-encoding']]).toEqual([
    'application/json',
    'gzip',
  ]);
});

test.each([
  ['secured.test', 'secured.test'],
  ['secured.test:8080', 'secured.test'],
  ['127.0.0.1', 'false'],
  ['named.test', 'inner.test'],
  ['external.test', 'api.example.test'],
])('a service over TLS is told for the Host %s the server name %s', async (host, name) => {
  expect(await ask(http, { host })).toMatchObject({ status: 200, body: name });
});
