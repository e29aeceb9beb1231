import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startKnot, type Knot } from '../../testing/knot.js';
import { createRfc2136Writer } from './rfc2136.js';

/** Updates as a real name server takes them. */

const ZONE = 'acme.test';
const NAME = `_acme-challenge.${ZONE}`;
const { signal } = new AbortController();
let knot: Knot;
let slept: number[];

beforeAll(async () => {
  knot = await startKnot(ZONE);
});
afterAll(() => knot.stop());

function writer({ zone, secret }: { readonly zone?: string; readonly secret?: string } = {}) {
  slept = [];
  return createRfc2136Writer({
    provider: {
      kind: 'rfc2136',
      server: { host: '127.0.0.1', port: knot.port },
      zone,
      key: secret === undefined ? knot.key : { ...knot.key, secret: Buffer.from(secret) },
    },
    clock: {
      nowMs: () => 0,
      sleep(ms) {
        slept.push(ms);
        return Promise.resolve();
      },
    },
    waitMs: 7,
  });
}

test('values are added beside each other, seen, and removed one by one', async () => {
  const dns = writer({ zone: ZONE });
  await dns.add(ZONE, 'apex', signal);
  await dns.add(ZONE, 'wildcard', signal);
  expect(await knot.txt(NAME)).toEqual(['apex', 'wildcard']);
  await dns.settled(ZONE, 'wildcard', signal);
  expect(slept).toEqual([7]);
  await dns.remove(ZONE, 'apex');
  expect(await knot.txt(NAME)).toEqual(['wildcard']);
  await dns.remove(ZONE, 'wildcard');
  expect(await knot.txt(NAME)).toEqual([]);
});

test('the zone is found by asking the server', async () => {
  const dns = writer();
  await dns.add(`deep.${ZONE}`, 'value', signal);
  expect(await knot.txt(`_acme-challenge.deep.${ZONE}`)).toEqual(['value']);
  await dns.remove(`deep.${ZONE}`, 'value');
  await expect(dns.add('other.test', 'value', signal)).rejects.toThrow('RFC2136_ZONE says which');
});

test('a wrong key and a wrong zone are refused with their reason', async () => {
  await expect(writer({ zone: ZONE, secret: 'wrong' }).add(ZONE, 'x', signal)).rejects.toThrow('NOTAUTH');
  await expect(writer({ zone: 'other.test' }).add('other.test', 'x', signal)).rejects.toThrow(
    /NOTAUTH|REFUSED|NOTZONE/,
  );
});
