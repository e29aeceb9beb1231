import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { placeScalerToken } from '../program/scaler-token.js';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { BESIDE, closingLabels, OPEN_CANARIES, type Closing } from '../testing/closing-labels.js';
import { ask, freePorts, makeRoot, startHaproxy, writeConfig } from '../testing/live-haproxy.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/**
 * Pairs of labels, asked through a real HAProxy: what is refused without the second label stays refused with it, and
 * nothing is asked of the service, or of the scaler that could wake it.
 */

/** Those of BESIDE; nothing; and what opens something, but nothing that is asked for here. */
const OTHERS: readonly Parameters[] = [
  {},
  ...BESIDE,
  { authExcept: '/elsewhere' },
  { corsPreflight: 'true' },
];

interface Pair {
  readonly name: string;
  readonly closing: Closing;
  readonly labels: Parameters;
  readonly canary: Parameters | undefined;
}

/** `authUrl` is filled in once its server listens. */
const PAIRS: readonly Pair[] = closingLabels('')
  .flatMap((closing) => [
    ...OTHERS.map((other) => ({ closing, labels: other, canary: undefined })),
    ...OPEN_CANARIES.map((canary) => ({ closing, labels: {}, canary })),
  ])
  .map((pair, at) => ({ ...pair, name: `p${at}` }));

const { root, remove } = makeRoot();
const asked: string[] = [];
let servers: readonly Server[];
let http = 0;
let haproxy: { stop(): Promise<void> };

async function answering(what: string, status: number): Promise<Server> {
  const server = createServer((request, response) => {
    // Checks are asked for by HAProxy itself.
    if (request.url !== '/up') asked.push(`${what} ${request.url ?? ''}`);
    response.writeHead(status).end(what);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function portOf(server: Server | undefined): number {
  return (server?.address() as AddressInfo).port;
}

beforeAll(async () => {
  const service = await answering('service', 200);
  const sso = await answering('sso', 401);
  const scaler = await answering('scaler', 200);
  servers = [service, sso, scaler];
  [http = 0] = await freePorts(1);
  const settings = settingsOf(root, {
    DEFAULT_PORTS: String(http),
    SCALER_ADDRESS: `http://127.0.0.1:${portOf(scaler)}`,
    SCALER_TOKEN: 'sesame',
  });
  await placeScalerToken(settings.paths.scalerToken, 'sesame', silentLogger());
  const port = String(portOf(service));
  const filled = (labels: Parameters): Parameters =>
    labels['authUrl'] === undefined
      ? labels
      : { ...labels, authUrl: `http://127.0.0.1:${portOf(sso)}/verify` };
  const all = PAIRS.flatMap(({ name, closing, labels, canary }): readonly Parameters[] => [
    { serviceName: name, servicePath: `/${name}/`, port, ...labels, ...filled(closing.labels) },
    ...(canary ? [{ serviceName: `${name}-next`, canaryOf: name, port, ...canary }] : []),
  ]);
  const open = { serviceName: 'open', servicePath: '/open/', port };
  const services = [...all, open].map((one) => routedService(one, settings));
  const hosts = new Map(
    services.flatMap(({ service: { name } }) => [
      [name, ['127.0.0.1']] as const,
      [`tasks.${name}`, ['127.0.0.1']] as const,
    ]),
  );
  haproxy = await startHaproxy(
    writeConfig(renderServices(services, settings, { addresses: hosts }), settings),
    [http],
  );
}, 60_000);

afterAll(async () => {
  await haproxy.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  remove();
});

test('an open service is reached: the others are not only broken', async () => {
  expect(await ask(http, { path: '/open/' })).toMatchObject({ status: 200, body: 'service' });
});

test('what a label refuses stays refused beside every other one, and reaches nobody', async () => {
  asked.length = 0;
  const wrong: unknown[] = [];
  for (const { name, closing, labels, canary } of PAIRS) {
    const { status, body } = await ask(http, { path: `/${name}/`, ...closing.request });
    if (status !== closing.status) wrong.push({ closing: closing.labels, labels, canary, status, body });
  }
  expect(wrong).toEqual([]);
  expect(asked.filter((one) => !one.startsWith('sso '))).toEqual([]);
}, 60_000);
