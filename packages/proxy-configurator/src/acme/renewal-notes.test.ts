import { expect, test } from '@jest/globals';
import { createRenewalNotes, ToldCertificates } from './renewal-notes.js';

const RENEW_AT = '2026-03-01T00:00:00.000Z';

test('what an owner says counts while its time runs', () => {
  let owner: string | undefined = 'me';
  const notes = createRenewalNotes(() => owner);
  notes.tell('me', { certificates: [{ certName: 'acme-web.pem', renewAt: RENEW_AT, problem: null }] });
  expect(notes.of('acme-web.pem')).toEqual({ renewAt: RENEW_AT, problem: undefined });
  expect(notes.of('other.pem')).toBeUndefined();
  owner = undefined;
  expect(notes.of('acme-web.pem')).toBeUndefined();
  owner = 'you';
  expect(notes.of('acme-web.pem')).toBeUndefined();
});

test('what it does not say any more is forgotten', () => {
  const notes = createRenewalNotes(() => 'me');
  notes.tell('me', { certificates: [{ certName: 'acme-web.pem', problem: 'dns: no such name' }] });
  notes.tell('me', { certificates: [] });
  expect(notes.of('acme-web.pem')).toBeUndefined();
});

test.each([
  {},
  { certificates: [{ certName: 'a', renewAt: 'soon' }] },
  { certificates: [{ renewAt: RENEW_AT }] },
])('%j cannot be read', (body) => {
  expect(ToldCertificates.safeParse(body).success).toBe(false);
});
