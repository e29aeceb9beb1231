import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createCertificateStore } from './certificate-store.js';
import { createStandInCertificate } from './self-signed-certificate.js';
import { createCertificates } from './certificates.js';
import type { Peers } from '../replicas/peers.js';

const YEAR_MS = 365 * 86_400_000;
const now = new Date('2026-01-01T00:00:00Z');
const old = createStandInCertificate('a.test', new Date(now.getTime() - YEAR_MS));
const current = createStandInCertificate('a.test', now);

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'certificates-'));
  for (const name of ['certs', 'secrets']) mkdirSync(path.join(root, name));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function world({ isProtected = false, generatesList = true, refresh = () => Promise.resolve() } = {}) {
  const store = createCertificateStore({
    directory: path.join(root, 'certs'),
    secrets: path.join(root, 'secrets'),
    labels: path.join(root, 'labels'),
    preferred: [],
    listFile: path.join(root, 'crt-list.txt'),
    generatesList,
    standIn: path.join(root, 'stand-in.pem'),
    logger: silentLogger(),
  });
  let refreshed = 0;
  const certificates = createCertificates({
    store,
    refresh() {
      refreshed += 1;
      return refresh();
    },
    peers: { isPeer: (address: string) => Promise.resolve(address === '10.0.0.9') } as unknown as Peers,
    isProtected,
    logger: silentLogger(),
  });
  return { certificates, store, refreshed: () => refreshed };
}

function stored(name: string): string {
  return readFileSync(path.join(root, 'certs', name), 'utf8');
}

function listed(name: string, pem: string) {
  return { ServicePort: '', ProxyServiceName: name, CertsDir: '/certs', CertContent: pem };
}

function withoutKey(pem: string): string {
  return pem.replace(/-----BEGIN PRIVATE KEY-----[\s\S]*/, '');
}

describe('a certificate that is put', () => {
  test('is stored for its owner only and made live', async () => {
    const { certificates, refreshed } = world();
    await certificates.put('a.test', current);
    expect([stored('a.test'), refreshed()]).toEqual([current, 1]);
  });

  test('for the second time changes nothing', async () => {
    const { certificates, refreshed } = world();
    await certificates.put('a.test', current);
    await certificates.put('a.test', current);
    expect(refreshed()).toBe(1);
  });

  test.each(['../a', 'a/b', '.hidden', 'a b', 'a\nb', ''])('under the name %j is refused', async (name) => {
    await expect(world().certificates.put(name, current)).rejects.toThrow('is no file name');
  });

  test.each([
    ['nothing', 'holds no certificate'],
    [withoutKey(current), 'holds no private key'],
    [withoutKey(current) + old.slice(old.indexOf('-----BEGIN PRIVATE')), 'does not belong'],
    [`${current}\n-----BEGIN CERTIFICATE-----\nMIIBbroken\n-----END CERTIFICATE-----\n`, 'cannot be read'],
  ])('without certificate or matching key is refused: %#', async (pem, reason) => {
    await expect(world().certificates.put('a.test', pem)).rejects.toThrow(reason);
  });

  test('that HAProxy alone finds wrong leaves the old one', async () => {
    const { certificates, store } = world({
      async refresh() {
        await store.refresh();
        store.leaveOut([`unable to load SSL certificate '${store.pathOf('a.test')}'.`]);
        await store.refresh();
      },
    });
    await expect(certificates.put('a.test', current)).rejects.toThrow('unable to load SSL certificate');
    expect(() => stored('a.test')).toThrow('ENOENT');
  });

  test('that HAProxy does not take leaves the old one', async () => {
    await world().certificates.put('a.test', old);
    const { certificates } = world({ refresh: () => Promise.reject(new Error('no')) });
    await expect(certificates.put('a.test', current)).rejects.toThrow('HAProxy does not take');
    expect(stored('a.test')).toBe(old);
    await expect(certificates.put('b.test', current)).rejects.toThrow('HAProxy does not take');
    expect(() => stored('b.test')).toThrow('ENOENT');
  });
});

describe('private keys', () => {
  test.each([
    ['127.0.0.1', true],
    ['::1', true],
    ['::ffff:10.0.0.9', true],
    ['10.0.0.8', false],
    [undefined, false],
  ])('are listed for %s: %s', async (caller, areShown) => {
    const { certificates } = world();
    await certificates.put('a.test', current);
    const [one] = await certificates.list({ address: caller, throughProxy: false });
    expect(one?.CertContent.includes('PRIVATE KEY')).toBe(areShown);
    expect(one?.CertContent).toContain('BEGIN CERTIFICATE');
  });

  test('are for everybody who has shown the token', async () => {
    const { certificates } = world({ isProtected: true });
    await certificates.put('a.test', current);
    expect((await certificates.list({ address: '10.0.0.8', throughProxy: false }))[0]?.CertContent).toContain(
      'PRIVATE KEY',
    );
  });

  test.each([true, false])('never go through a proxy, with a token or without: %s', async (isProtected) => {
    const { certificates } = world({ isProtected });
    await certificates.put('a.test', current);
    const [one] = await certificates.list({ address: '127.0.0.1', throughProxy: true });
    expect(one?.CertContent).not.toContain('PRIVATE KEY');
  });

  test('of secrets are never listed', async () => {
    writeFileSync(path.join(root, 'secrets', 'cert-a'), current);
    expect(await world().certificates.list({ address: '127.0.0.1', throughProxy: false })).toEqual([]);
  });
});

describe('the certificates of another replica', () => {
  test('are taken over with one look at all of them', async () => {
    const { certificates, refreshed } = world();
    expect(await certificates.adopt([listed('a.test', current), listed('b.test', old)])).toBe(true);
    expect([stored('a.test'), stored('b.test'), refreshed()]).toEqual([current, old, 1]);
  });

  test('replace ours only if they were issued later', async () => {
    const { certificates, refreshed } = world();
    await certificates.put('a.test', current);
    await certificates.adopt([listed('a.test', old)]);
    expect([stored('a.test'), refreshed()]).toEqual([current, 1]);
    await certificates.put('b.test', old);
    await certificates.adopt([listed('b.test', current)]);
    expect(stored('b.test')).toBe(current);
  });

  test('of the same second: both replicas keep the same one, which is the longer', async () => {
    const { certificates } = world();
    const longer = `${current}\n${current.slice(0, current.indexOf('-----BEGIN PRIVATE'))}`;
    await certificates.put('a.test', current);
    await certificates.adopt([listed('a.test', longer)]);
    await certificates.adopt([listed('a.test', current)]);
    expect(stored('a.test')).toBe(longer);
  });

  test('without their keys are still to be had', async () => {
    const { certificates } = world();
    expect(await certificates.adopt([listed('a.test', withoutKey(current))])).toBe(false);
    await certificates.put('a.test', current);
    expect(await certificates.adopt([listed('a.test', withoutKey(current))])).toBe(true);
  });

  test('cannot write anywhere else, and a bad one does not keep the good one away', async () => {
    const { certificates } = world();
    await certificates.adopt([listed('../evil', current), listed('a.test', current)]);
    expect(stored('a.test')).toBe(current);
    expect(() => readFileSync(path.join(root, 'evil'))).toThrow('ENOENT');
  });

  test('are the same when their fingerprint is', async () => {
    const { certificates } = world();
    const before = await certificates.fingerprint();
    await certificates.put('a.test', current);
    expect(await certificates.fingerprint()).not.toBe(before);
  });
});

describe('the list for HAProxy', () => {
  test('holds usable certificates only, and the stand-in where there is none', async () => {
    const { store } = world();
    writeFileSync(path.join(root, 'certs', 'broken'), 'nothing');
    await store.refresh();
    const list = () => readFileSync(path.join(root, 'crt-list.txt'), 'utf8');
    expect(list()).toBe(`${path.join(root, 'stand-in.pem')}\n`);
    writeFileSync(path.join(root, 'certs', 'good'), current);
    writeFileSync(path.join(root, 'secrets', 'CERT_x'), current);
    writeFileSync(path.join(root, 'secrets', 'other'), current);
    await store.refresh();
    expect(list()).toBe(`${path.join(root, 'certs', 'good')}\n${path.join(root, 'secrets', 'CERT_x')}\n`);
    expect(store.states().map(({ file, problem }) => [file.name, problem !== undefined])).toEqual([
      ['broken', true],
      ['good', false],
      ['CERT_x', false],
    ]);
  });

  test('leaves out what HAProxy complains about until the file changes', async () => {
    const { store } = world();
    for (const name of ['a', 'b']) writeFileSync(path.join(root, 'certs', name), current);
    await store.refresh();
    expect(store.leaveOut(['nothing about certificates'])).toBe(false);
    expect(store.leaveOut([`unable to load certificate chain from file '${store.pathOf('a')}'.`])).toBe(true);
    expect((await store.refresh()).map((one) => one.path)).toEqual([store.pathOf('b')]);
    writeFileSync(path.join(root, 'certs', 'a'), `${old}\n`);
    expect((await store.refresh()).map((one) => one.path)).toEqual([store.pathOf('a'), store.pathOf('b')]);
  });

  test('of the operator is never written, and a change of it or of a certificate is noticed', async () => {
    const { store } = world({ generatesList: false });
    const list = path.join(root, 'crt-list.txt');
    writeFileSync(list, 'mine\n');
    writeFileSync(path.join(root, 'certs', 'a'), current);
    const before = await store.refresh();
    expect(before.map((one) => one.path)).toEqual([list, store.pathOf('a')]);
    expect(await store.refresh()).toEqual(before);
    writeFileSync(path.join(root, 'certs', 'a'), `${old}\n`);
    expect(await store.refresh()).not.toEqual(before);
    expect(store.leaveOut([`'${store.pathOf('a')}'`])).toBe(false);
    expect(readFileSync(list, 'utf8')).toBe('mine\n');
  });
});
