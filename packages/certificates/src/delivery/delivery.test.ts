import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createBook } from '../store/book.js';
import { createStateDirectory } from '../store/state-directory.js';
import { createFakeProxies, fakeCertificates, fakePem } from '../testing/proxies.fake.js';
import { DIRECTORY, issued, record } from '../testing/records.js';
import { createDelivery } from './delivery.js';

const DAY = 86_400_000;
const signal = new AbortController().signal;

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'delivery-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function world({ owner = 'me', mayOwn = true } = {}) {
  const proxies = createFakeProxies();
  const state = { nowMs: 0, mayOwn };
  const book = createBook(createStateDirectory(root, silentLogger()), (pem) => fakeCertificates.read(pem));
  const delivery = createDelivery({
    renewals: () => [],
    proxies,
    book,
    certificates: fakeCertificates,
    thumbprint: 'T'.repeat(43),
    owner,
    leaseMs: 60_000,
    directoryUrl: DIRECTORY,
    clock: { nowMs: () => state.nowMs, sleep: () => Promise.resolve() },
    mayOwn: () => Promise.resolve(state.mayOwn),
    logger: silentLogger(),
  });
  const put = async (certName: string, facts = issued(['a.test'])) => {
    await book.putPem(certName, fakePem(facts));
    await book.put(record(certName, { services: ['web'], wanted: facts.names, certificate: facts }));
  };
  return { proxies, state, book, delivery, put, look: () => delivery.look(signal) };
}

/** That it also says where it came from does no harm: nobody looks. */
const pemOf = (changes: Parameters<typeof issued>[1]) => fakePem(issued(['a.test'], changes));

describe('a certificate', () => {
  test('goes to every replica at once, and to one that joins later at the next look', async () => {
    const { proxies, delivery, put, look } = world();
    proxies.addReplica('10.0.0.1');
    proxies.addReplica('10.0.0.2');
    await look();
    await put('acme-web.pem');
    await delivery.deliver('acme-web.pem');
    expect(delivery.isDelivered('acme-web.pem')).toBe(true);
    proxies.addReplica('10.0.0.3');
    await look();
    expect(proxies.replica('10.0.0.3').files.has('acme-web.pem')).toBe(true);
    expect(proxies.sent).toEqual(['10.0.0.1 acme-web.pem', '10.0.0.3 acme-web.pem']);
  });

  test('that is newer on a replica is read back and never overwritten', async () => {
    const { proxies, book, put, look } = world();
    const replica = proxies.addReplica('10.0.0.1');
    await put('acme-web.pem');
    replica.files.set('acme-web.pem', pemOf({ serial: '02', notBeforeMs: -DAY }));
    await look();
    expect(book.get('acme-web.pem')?.certificate?.serial).toBe('02');
    expect(proxies.sent).toEqual([]);
  });

  test('that is older on a replica is replaced', async () => {
    const { proxies, put, look } = world();
    const replica = proxies.addReplica('10.0.0.1');
    await put('acme-web.pem');
    replica.files.set('acme-web.pem', pemOf({ serial: '00', notBeforeMs: -20 * DAY }));
    await look();
    expect(proxies.sent).toEqual(['10.0.0.1 acme-web.pem']);
  });

  test('whose key is withheld is known, but cannot be handed to others', async () => {
    const { proxies, book, delivery, look } = world();
    const replica = proxies.addReplica('10.0.0.1');
    Object.assign(replica, { directory: 'https://other.test/dir' });
    replica.files.set('acme-web.pem', pemOf({ hasKey: false }));
    await look();
    expect(book.get('acme-web.pem')).toMatchObject({
      services: ['web'],
      certificate: { hasKey: false, directory: 'https://other.test/dir' },
    });
    proxies.addReplica('10.0.0.2');
    await look();
    expect([proxies.sent, delivery.isDelivered('acme-web.pem')]).toEqual([[], false]);
  });

  test('that a replica refuses is told, and tried again after a while', async () => {
    const { proxies, state, delivery, put, look } = world();
    const replica = proxies.addReplica('10.0.0.1');
    replica.refusal = 'too short a key';
    await put('acme-web.pem');
    await look();
    expect(delivery.refusal('acme-web.pem')).toContain('too short a key');
    replica.refusal = undefined;
    await look();
    expect(proxies.sent).toEqual([]);
    state.nowMs += 61_000;
    await look();
    expect([proxies.sent, delivery.refusal('acme-web.pem')]).toEqual([['10.0.0.1 acme-web.pem'], undefined]);
  });

  test('is forgotten once no replica has it any more, and not taken back from one that was away', async () => {
    const { proxies, state, book, delivery, put, look } = world();
    const [first, second] = [proxies.addReplica('10.0.0.1'), proxies.addReplica('10.0.0.2')];
    await put('acme-web.pem');
    await look();
    second.isDown = true;
    state.nowMs = 82 * DAY;
    await look();
    await delivery.withdraw('acme-web.pem');
    expect([first.files.size, book.get('acme-web.pem')]).toEqual([0, undefined]);
    second.isDown = false;
    await look();
    await look();
    expect([second.files.size, book.get('acme-web.pem')]).toEqual([0, undefined]);
  });

  test('of others that covers a name is told, and never touched', async () => {
    const { proxies, delivery, look } = world();
    const replica = proxies.addReplica('10.0.0.1');
    replica.files.set('old.pem', pemOf({}));
    await look();
    expect(delivery.foreign(['a.test'])).toEqual(['old.pem']);
    expect(replica.files.has('old.pem')).toBe(true);
  });
});

describe('orders wait', () => {
  test('until the proxies were looked at, there is one, and each answers for our account', async () => {
    const { proxies, delivery, look } = world();
    expect(delivery.condition()).toContain('not been looked at');
    await look();
    expect(delivery.condition()).toContain('no proxy');
    const replica = proxies.addReplica('10.0.0.1');
    await look();
    expect([delivery.condition(), replica.thumbprint]).toEqual([undefined, 'T'.repeat(43)]);
    replica.isDown = true;
    await look();
    expect(delivery.condition()).toContain('no proxy');
  });

  test('while another program owns one of the replicas; what was taken is given back', async () => {
    const { proxies, delivery, look } = world();
    const [first, second] = [proxies.addReplica('10.0.0.1'), proxies.addReplica('10.0.0.2')];
    second.owner = 'other';
    await look();
    expect(delivery.standsBy()).toBe('other');
    expect(delivery.condition()).toContain('other is the owner');
    expect(first.owner).toBeUndefined();
    second.owner = undefined;
    await look();
    expect([delivery.standsBy(), first.owner, second.owner]).toEqual([undefined, 'me', 'me']);
    await delivery.release();
    expect([first.owner, second.owner]).toEqual([undefined, undefined]);
  });

  test('while another program has the volume', async () => {
    const { proxies, state, delivery, look } = world({ mayOwn: false });
    const replica = proxies.addReplica('10.0.0.1');
    await look();
    expect([delivery.standsBy(), replica.owner]).toEqual([
      'another program with the same state directory',
      undefined,
    ]);
    state.mayOwn = true;
    await look();
    expect(delivery.standsBy()).toBeUndefined();
  });
});
