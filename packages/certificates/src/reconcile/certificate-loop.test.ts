import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createAutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Parameters } from '@docker-flow/labels';
import { createDelivery } from '../delivery/delivery.js';
import { createPauses } from '../orders/pauses.js';
import { createWantedCertificates } from '../orders/wanted-certificates.js';
import { createServiceReader } from '../services/requests.js';
import { createBook } from '../store/book.js';
import { createStateDirectory } from '../store/state-directory.js';
import { createFakeProxies, fakeCertificates, fakePem } from '../testing/proxies.fake.js';
import { DIRECTORY, issued, record } from '../testing/records.js';
import { createCertificateLoop } from './certificate-loop.js';

const DAY = 86_400_000;

let root = '';
let stop: AbortController;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'loop-'));
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  rmSync(root, { recursive: true, force: true });
});

async function until(check: () => boolean): Promise<void> {
  while (!check()) await sleep(2);
}

/** The loop over a proxy in memory; orders are only written down. */
async function world(services: Record<string, Parameters>) {
  const time = { nowMs: 0, hasHeard: true };
  const clock = { nowMs: () => time.nowMs, sleep };
  const proxies = createFakeProxies();
  const replica = proxies.addReplica('10.0.0.1');
  const state = createStateDirectory(root, silentLogger());
  const book = createBook(state, (pem) => fakeCertificates.read(pem));
  const delivery = createDelivery({
    renewals: () => [],
    proxies,
    book,
    certificates: fakeCertificates,
    thumbprint: 'T'.repeat(43),
    owner: 'me',
    leaseMs: 60_000,
    directoryUrl: DIRECTORY,
    clock,
    mayOwn: () => Promise.resolve(true),
    logger: silentLogger(),
  });
  const wanted = createWantedCertificates(book, clock);
  const started: string[] = [];
  const wake = createAutoResetEvent();
  const loop = createCertificateLoop(
    {
      table: { list: () => Object.entries(services) },
      reader: createServiceReader({
        acmeByDefault: false,
        allow: [],
        challenge: 'http-01',
        keyType: 'ecdsa-p256',
        profile: undefined,
        dns: 'nothing',
        isStaging: false,
      }),
      hasHeard: () => time.hasHeard,
      wanted,
      book,
      delivery,
      runner: {
        isRunning: (certName) => started.includes(certName),
        troubledAtMs: () => 0,
        count: () => started.length,
        start: (certName) => void started.push(certName),
        idle: () => Promise.resolve(),
      },
      ledger: { ordered: () => Promise.resolve(), failed: () => Promise.resolve(), reached: () => undefined },
      pauses: createPauses({
        authority: { minMs: 1, maxMs: 1 },
        account: { minMs: 1, maxMs: 1 },
        nowMs: () => time.nowMs,
        chance: () => 0.5,
      }),
      inside: { begin: () => undefined, hints: () => [] },
      state,
      clock,
      wake,
      logger: silentLogger(),
    },
    { directoryUrl: DIRECTORY, renewAt: 0.667, settleMs: 0, maxOrders: 4 },
  );
  const have = async (certName: string, service: string, names: readonly string[]) => {
    await book.putPem(certName, fakePem(issued(names)));
    await book.put(record(certName, { services: [service], wanted: names, certificate: issued(names) }));
    await delivery.look(stop.signal);
  };
  await delivery.look(stop.signal);
  const run = () => void loop.run(stop.signal);
  return { time, replica, book, delivery, loop, started, wake, have, run };
}

test('a service that asks gets an order, once a listener was heard', async () => {
  const { time, loop, started, wake, run } = await world({
    web: { serviceName: 'web', acmeDomains: 'a.test' },
  });
  time.hasHeard = false;
  run();
  await until(() => loop.schedule().waiting.size > 0);
  expect([...loop.schedule().waiting.values()]).toEqual(['no listener was heard yet']);
  time.hasHeard = true;
  wake.set();
  await until(() => started.length > 0);
  expect(started).toEqual(['acme-web.pem']);
});

test('the certificate of a service that is gone stays until a day after its expiry', async () => {
  const { time, replica, book, wake, have, loop, run } = await world({
    web: { serviceName: 'web', acmeDomains: 'w.test' },
  });
  await have('acme-gone.pem', 'gone', ['g.test']);
  run();
  await until(() => loop.services().requests.length > 0);
  time.nowMs = 81 * DAY - 1_000;
  // The second run begins when the first has tidied up.
  for (let runs = 0; runs < 2; runs += 1) {
    const before = loop.schedule();
    wake.set();
    await until(() => loop.schedule() !== before);
  }
  expect(replica.files.has('acme-gone.pem')).toBe(true);
  time.nowMs = 81 * DAY + 1_000;
  wake.set();
  await until(() => book.get('acme-gone.pem') === undefined);
  expect(replica.files.has('acme-gone.pem')).toBe(false);
});

test('a certificate that others have taken the place of goes once they are everywhere', async () => {
  const { replica, book, have, run } = await world({
    a: { serviceName: 'a', acmeDomains: 'x.test' },
    b: { serviceName: 'b', acmeDomains: 'x.test' },
  });
  await have('acme-a.pem', 'a', ['x.test']);
  await have('acme-b.pem', 'b', ['y.test']);
  run();
  await until(() => book.get('acme-b.pem') === undefined);
  expect([...replica.files.keys()]).toEqual(['acme-a.pem']);
});

test('an order can be demanded by service or file, and nobody else is meant', async () => {
  const { loop, book, started, have, run } = await world({
    web: { serviceName: 'web', acmeDomains: 'a.test' },
  });
  await have('acme-web.pem', 'web', ['a.test']);
  run();
  await until(() => loop.services().requests.length > 0);
  expect(await loop.renew({ service: 'nobody' })).toEqual([]);
  expect(started).toEqual([]);
  expect(await loop.renew({ service: 'web' })).toEqual(['acme-web.pem']);
  await until(() => started.length > 0);
  expect(book.get('acme-web.pem')?.isDemanded).toBe(true);
});
