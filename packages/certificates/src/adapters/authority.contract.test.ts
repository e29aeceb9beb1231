import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { startPebble, type Pebble } from '@docker-flow/testkit';
import { thumbprintOf } from '../account/account.js';
import { createPolling } from '../orders/polling.js';
import { proveNames } from '../orders/prove-names.js';
import { AuthorityError, type Authority, type AuthorityAccount } from '../ports.js';
import { createAuthority } from './authority.js';
import { createAuthorityHttp, readRetryAfter, type AuthorityHttp } from './authority-http.js';
import { certificates, createAccountKey } from './certificates.js';

/** The port as it is used, against a real authority. */

let server: Server;
let pebble: Pebble;
let keyPem: string;
let authority: Authority;
let account: AuthorityAccount;
const dates: number[] = [];
const methods: string[] = [];
const polling = createPolling({ clock: { nowMs: () => Date.now(), sleep } });
const { signal } = new AbortController();

beforeAll(async () => {
  keyPem = await createAccountKey();
  // What a replica of the proxy does.
  server = createServer((request, response) => {
    const token = request.url?.split('/').at(-1) ?? '';
    response.end(`${token}.${thumbprintOf(keyPem)}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  pebble = await startPebble({ httpPort: (server.address() as AddressInfo).port, refusedNonces: 20 });
  authority = authorityOf(pebble.ca);
  account = authority.as({ keyPem, url: await authority.openAccount(keyPem, { email: 'me@acme.test' }) });
});

afterAll(async () => {
  await pebble.stop();
  await new Promise((resolve) => server.close(resolve));
});

function authorityOf(ca: string | undefined): Authority {
  const { directoryUrl } = pebble;
  const http = createAuthorityHttp({
    http: createHttpClient({ timeoutMs: 20_000, ca }),
    directoryUrl,
    nowMs: () => Date.now(),
    onDate: (ms) => dates.push(ms),
  });
  const counted: AuthorityHttp = {
    send(request) {
      methods.push(request.method);
      return http.send(request);
    },
  };
  return createAuthority({ http: counted, directoryUrl, binding: undefined, nowMs: () => Date.now() });
}

function order(names: readonly string[]) {
  return account.order({ names, replaces: undefined, profile: undefined });
}

async function problemOf(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof AuthorityError ? error.problem : undefined;
}

describe('an authority', () => {
  test('says what it offers, and what time it is', async () => {
    expect(await authority.directory()).toMatchObject({
      terms: expect.stringContaining('data:'),
      needsBinding: false,
    });
    expect(Math.abs((dates.at(-1) ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test('knows an account again by its key', async () => {
    expect(await authority.openAccount(keyPem, { email: undefined })).toBe(
      await authority.openAccount(keyPem, { email: undefined }),
    );
  });

  test('certifies names that are proven over http', async () => {
    const names = ['a.acme.test', 'b.acme.test'];
    const placed = await order(names);
    const deps = { account, dns: undefined, polling };
    expect(await proveNames(placed, 'http-01', deps, signal)).toEqual([]);
    const ready = await polling.until(
      () => account.orderAt(placed.url),
      ({ status }) => status === 'ready',
      signal,
    );
    const certificateKey = await certificates.createKey('ecdsa-p256');
    if (!ready) throw new Error('the order is not ready');
    await account.finalize(ready, await certificates.createRequest(names, certificateKey));
    const valid = await polling.until(
      () => account.orderAt(placed.url),
      ({ status }) => status === 'valid',
      signal,
    );
    if (!valid) throw new Error('the order is not valid');
    const pem = certificates.join(await account.certificate(valid), certificateKey);
    expect(certificates.read(pem)).toMatchObject({ names, hasKey: true, renewalId: expect.any(String) });
  });

  test('is asked for a nonce only when there is none of an earlier answer', async () => {
    methods.length = 0;
    for (let i = 0; i < 5; i += 1) await order([`nonce${i}.acme.test`]);
    expect(methods.filter((method) => method === 'HEAD').length).toBeLessThanOrEqual(1);
  });

  test('names all that failed, not only the first', async () => {
    const bad = ['bad1.acme.test', 'bad2.acme.test'];
    for (const name of bad) await pebble.setAddress(name, 'none');
    const placed = await order(['good.acme.test', ...bad]);
    const failed = await proveNames(placed, 'http-01', { account, dns: undefined, polling }, signal);
    expect(failed.map(({ name }) => name).sort()).toEqual(bad);
    expect(failed[0]?.reason).toMatch(/^(dns|connection|unauthorized): /);
  });

  test('refuses with a type and words, which are kept', async () => {
    expect(await problemOf(order(['no name']))).toMatchObject({ status: 400, type: 'malformed' });
    const stranger = authority.as({ keyPem: await createAccountKey(), url: `${pebble.directoryUrl}/nobody` });
    expect(
      await problemOf(stranger.order({ names: ['a.acme.test'], replaces: undefined, profile: undefined })),
    ).toMatchObject({
      status: expect.any(Number),
    });
  });

  test('is asked at no other host than that of its directory', async () => {
    expect(await problemOf(account.orderAt('https://elsewhere.test/order/1'))).toMatchObject({
      type: 'malformed',
    });
  });

  // Last: the client of the authority has one transport, and this one trusts nobody.
  test('whose TLS certificate nobody vouches for is not talked to', async () => {
    expect(await problemOf(authorityOf(undefined).directory())).toMatchObject({ status: undefined });
  });
});

test.each([
  ['120', 120_000],
  ['Thu, 01 Jan 1970 00:01:00 GMT', 60_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 1_000],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After %s is %s ms', (text, expected) => {
  expect(readRetryAfter(text, 0)).toBe(expected);
});
