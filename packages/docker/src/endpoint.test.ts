import { expect, test } from '@jest/globals';
import { parseDockerEndpoint } from './endpoint.js';

test.each([
  ['unix:///var/run/docker.sock', {}, { socketPath: '/var/run/docker.sock' }],
  ['tcp://10.0.0.1:2375', {}, { host: '10.0.0.1', port: '2375', protocol: 'http' }],
  ['tcp://manager', { DOCKER_TLS_VERIFY: '1' }, { host: 'manager', port: '2376', protocol: 'https' }],
  ['http://[::1]:99', {}, { host: '::1', port: '99', protocol: 'http' }],
])('%s is an endpoint', (text, environment, options) =>
  expect(parseDockerEndpoint(text, environment).options).toEqual(options),
);

test.each(['/var/run/docker.sock', 'localhost:2375', '', 'ftp://x', 'tcp://a b:1'])(
  '%j is no endpoint',
  (text) => expect(() => parseDockerEndpoint(text)).toThrow('expected unix:///path or tcp://host:port'),
);
