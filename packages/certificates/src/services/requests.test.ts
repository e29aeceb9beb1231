import { expect, test } from '@jest/globals';
import { createServiceReader } from './requests.js';

const reader = createServiceReader({
  acmeByDefault: false,
  allow: [],
  challenge: 'http-01',
  keyType: 'ecdsa-p256',
  profile: undefined,
  dns: 'nothing',
  isStaging: false,
});

test('services are read by what they ask for; a bad or misspelt name is told', () => {
  const { requests, rejected } = reader.read([
    ['web', { serviceName: 'web', acmeDomains: 'a.test' }],
    ['plain', { serviceName: 'plain', serviceDomain: 'p.test', port: '80' }],
    ['../evil', { serviceName: '../evil', acmeDomains: 'e.test' }],
    ['typo', { serviceName: 'typo', acmeDomain: 't.test' }],
  ]);
  expect(requests.map(({ service }) => service)).toEqual(['web']);
  expect(rejected).toEqual([
    { service: '"../evil"', reason: 'is not the name of a Docker service' },
    { service: 'typo', reason: expect.stringContaining('acmeDomains') },
  ]);
});
