import { expect, test } from '@jest/globals';
import { CertificatesStatus, certificatesReading } from '../readings/certificates.js';
import { ProxyStatus, proxyReading } from '../readings/proxy.js';
import { certificateViews } from './certificate-views.js';

const NOW = Date.UTC(2026, 0, 1);
const expires = '2026-03-01T00:00:00.000Z';
const renewAt = '2026-02-01T00:00:00.000Z';

function proxy(...certificates: readonly object[]) {
  return proxyReading(ProxyStatus.parse({ haproxy: { running: true }, certificates }));
}

test('the proxy alone tells expiry, next renewal and last problem', () => {
  const told = {
    name: 'acme-web.pem',
    source: 'directory',
    expires,
    renewAt,
    renewalProblem: 'dns: no such name',
  };
  expect(certificateViews({ proxy: proxy(told) }, NOW)).toEqual([
    {
      name: 'acme-web.pem',
      services: [],
      names: [],
      state: 'valid',
      source: 'directory',
      expires,
      renewAt,
      problem: 'dns: no such name',
    },
  ]);
});

test('a file that cannot be used has failed, one that is over has expired', () => {
  const states = certificateViews(
    { proxy: proxy({ name: 'a', problem: 'no key' }, { name: 'b', expires: '2025-12-31T00:00:00.000Z' }) },
    NOW,
  ).map(({ state }) => state);
  expect(states).toEqual(['failed', 'expired']);
});

test('the program that orders a certificate knows more of it than the proxy', () => {
  const certificates = certificatesReading(
    CertificatesStatus.parse({
      certificates: [
        {
          certName: 'acme-web.pem',
          services: ['web'],
          names: ['a.test'],
          state: 'valid',
          notAfter: expires,
          renewAt,
        },
      ],
    }),
  );
  expect(
    certificateViews({ certificates, proxy: proxy({ name: 'acme-web.pem', expires }) }, NOW),
  ).toMatchObject([{ name: 'acme-web.pem', services: ['web'], names: ['a.test'], expires, renewAt }]);
});
