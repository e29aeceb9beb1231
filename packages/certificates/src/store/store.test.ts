import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { issued, record } from '../testing/records.js';
import { createBook, isOwnFile } from './book.js';
import { createLock } from './lock.js';
import { createStateDirectory } from './state-directory.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'certificates-state-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function open() {
  const state = createStateDirectory(path.join(root, 'state'), silentLogger());
  return {
    state,
    book: createBook(state, (pem) => (pem.startsWith('PEM') ? issued(['a.test']) : undefined)),
  };
}

const FULL = record('acme-web.pem', {
  services: ['web'],
  wanted: ['a.test'],
  certificate: issued(['a.test']),
  leftOut: { 'b.test': { reason: 'x', attempts: 1, nextTryMs: 5 } },
  pending: { url: 'u', names: ['a.test'], keyPem: 'k', directory: 'd' },
  advice: { window: { startMs: 1, endMs: 2 }, chosenMs: 1, askAgainMs: 9 },
});

describe('what is kept', () => {
  test('is there again after a restart, for nobody else to read', async () => {
    const { state, book } = open();
    await state.probe();
    await book.putPem('acme-web.pem', 'PEM 1');
    await book.put(FULL);
    const again = open().book;
    await again.load();
    expect([again.get('acme-web.pem'), again.pem('acme-web.pem')]).toEqual([FULL, 'PEM 1']);
    const folder = path.join(root, 'state/certificates');
    expect(readdirSync(folder).map((name) => statSync(path.join(folder, name)).mode & 0o777)).toEqual([
      0o600, 0o600,
    ]);
    expect([folder, path.join(root, 'state')].map((name) => statSync(name).mode & 0o777)).toEqual([
      0o700, 0o700,
    ]);
  });

  test('is set aside when it is broken: a certificate is known without what is remembered of it', async () => {
    const { book } = open();
    await book.putPem('acme-web.pem', 'PEM 1');
    await book.put(FULL);
    writeFileSync(path.join(root, 'state/certificates/acme-web.json'), 'no JSON');
    const again = open().book;
    await again.load();
    expect(readFileSync(path.join(root, 'state/certificates/acme-web.json.broken'), 'utf8')).toBe('no JSON');
    expect(again.get('acme-web.pem')).toMatchObject({
      services: ['web'],
      wanted: ['a.test'],
      certificate: { names: ['a.test'] },
      pending: undefined,
    });
  });

  test('is set aside when it is broken: a certificate that cannot be read is lost', async () => {
    const { book } = open();
    await book.putPem('acme-web.pem', 'PEM 1');
    await book.put(FULL);
    writeFileSync(path.join(root, 'state/certificates/acme-web.pem'), 'nonsense');
    const again = open().book;
    await again.load();
    expect(again.pem('acme-web.pem')).toBeUndefined();
    expect(again.get('acme-web.pem')).toMatchObject({ wanted: ['a.test'], certificate: undefined });
  });

  test('is gone when it is removed', async () => {
    const { book } = open();
    await book.putPem('acme-web.pem', 'PEM 1');
    await book.put(FULL);
    await book.remove('acme-web.pem');
    expect(readdirSync(path.join(root, 'state/certificates'))).toEqual([]);
  });

  test('is told not to be kept when the volume cannot be written', async () => {
    writeFileSync(path.join(root, 'state'), 'a file where a folder should be');
    const { state } = open();
    await state.probe();
    expect(state.problem()).toContain('cannot be written');
    rmSync(path.join(root, 'state'));
    mkdirSync(path.join(root, 'state'));
    chmodSync(path.join(root, 'state'), 0o700);
    await state.probe();
    expect(state.problem()).toBeUndefined();
  });
});

test.each([
  ['acme-web.pem', true],
  ['acme-my_stack.web-2.pem', true],
  ['web.pem', false],
  ['acme-../x.pem', false],
  ['acme-.pem', false],
])('%s is one of ours: %s', (name, expected) => {
  expect(isOwnFile(name)).toBe(expected);
});

test('of two programs with one volume the second waits until the first has ended', async () => {
  const [first, second] = [createLock(root, silentLogger()), createLock(root, silentLogger())];
  expect(await first.take()).toBe(true);
  expect(await first.take()).toBe(true);
  expect(await second.take()).toBe(false);
  await first.release();
  expect(await second.take()).toBe(true);
  await second.release();
});
