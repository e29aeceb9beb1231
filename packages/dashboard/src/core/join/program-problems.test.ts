import { expect, test } from '@jest/globals';
import { certificatesReading, CertificatesStatus } from '../readings/certificates.js';
import { MonitorStatus, monitorReading } from '../readings/monitor.js';
import { ProxyStatus, proxyReading } from '../readings/proxy.js';
import { programProblems } from './program-problems.js';

const texts = (readings: Parameters<typeof programProblems>[0]) =>
  programProblems(readings).map(({ source, kind, text }) => [source, kind, text]);

const proxy = proxyReading(
  ProxyStatus.parse({
    haproxy: { running: true, problem: 'variable EXTRA_GLOBAL: no such keyword' },
    warnings: ['HAProxy does not answer challenges'],
    certificates: [
      { name: 'old.pem', problem: 'no key in it' },
      { name: 'acme-web.pem', renewalProblem: 'dns: no A record' },
    ],
  }),
);

test('what the proxy rejects that belongs to no service', () => {
  expect(texts({ proxy })).toEqual([
    ['proxy', 'rejected', 'variable EXTRA_GLOBAL: no such keyword'],
    ['proxy', 'warning', 'HAProxy does not answer challenges'],
    ['proxy', 'warning', 'certificate old.pem: no key in it'],
    ['proxy', 'warning', 'certificate acme-web.pem: dns: no A record'],
  ]);
});

test('the program that orders certificates says itself what is wrong', () => {
  const certificates = certificatesReading(
    CertificatesStatus.parse({
      authority: { problem: 'does not answer' },
      certificates: [
        { certName: 'acme-web.pem', services: ['web'], state: 'failed', problem: 'dns: no A record' },
        { certName: 'orphan.pem', state: 'failed', problem: 'cannot be delivered' },
      ],
    }),
  );
  expect(texts({ proxy, certificates }).slice(3)).toEqual([
    ['certificates', 'warning', 'the authority: does not answer'],
    ['certificates', 'warning', 'certificate orphan.pem: cannot be delivered'],
  ]);
});

test('parts of a configuration that a service did not write', () => {
  const monitor = monitorReading(
    MonitorStatus.parse({
      prometheus: { running: true },
      lastReload: { result: 'live' },
      problems: ['SCRAPE_CONFIGS_1__X is not read'],
      services: [{ serviceName: 'web', scrape: { rejected: 'no' } }],
      rejectedParts: [
        { part: 'service web', reason: 'no' },
        { part: 'service gone', reason: 'not known here' },
        { part: 'variable GLOBAL_SCRAPE_INTERVAL', reason: 'not a duration' },
      ],
    }),
  );
  expect(texts({ monitor })).toEqual([
    ['monitor', 'rejected', 'service gone: not known here'],
    ['monitor', 'rejected', 'variable GLOBAL_SCRAPE_INTERVAL: not a duration'],
    ['monitor', 'warning', 'SCRAPE_CONFIGS_1__X is not read'],
  ]);
});
