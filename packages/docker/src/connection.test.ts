import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { connectDocker } from './connection.js';
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

test.each([
  ['1.41', 'v1.41'],
  ['1.99', 'v1.51'],
])('an engine that speaks %s is called with %s', async (offered, used) => {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? '');
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ ApiVersion: offered }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const connection = connectDocker(
    parseDockerEndpoint(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`),
  );
  await connection.negotiate();
  await connection.docker.info();
  server.closeAllConnections();
  server.close();
  expect(paths).toEqual(['/version', `/${used}/info`]);
});
