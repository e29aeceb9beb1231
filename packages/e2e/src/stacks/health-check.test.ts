import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const script = path.resolve('docker', 'health-check.sh');
let healthStatus = 200;
let attemptsUntilReady = 0;
const server = createServer((request, response) => {
  if (request.url === '/healthz') response.statusCode = healthStatus;
  else if (request.url === '/ready') response.statusCode = attemptsUntilReady-- > 0 ? 503 : 200;
  else response.statusCode = 404;
  response.end('answer');
});
let address = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function check(args: readonly string[], env: Record<string, string> = {}): Promise<[number, string]> {
  return new Promise((resolve) => {
    const options = { env: { PATH: process.env['PATH'], DF_LISTEN_ADDRESS: address, ...env } };
    execFile('bash', [script, ...args], options, (error, _stdout, stderr) =>
      resolve([error ? Number(error.code) : 0, stderr.trim()]),
    );
  });
}

test('a program that answers is healthy', async () => {
  await expect(check([])).resolves.toEqual([0, '']);
});

test('a program that answers with an error is not', async () => {
  healthStatus = 500;
  await expect(check([])).resolves.toEqual([1, `http://${address}/healthz answered 500`]);
  healthStatus = 200;
});

test('a program that does not listen is not', async () => {
  const [status, reason] = await check([], { DF_LISTEN_ADDRESS: ':1' });
  expect([status, reason]).toEqual([1, expect.stringContaining('127.0.0.1:1')]);
});

test('a program without its child is not', async () => {
  const child = spawn('sleep', ['600']);
  await once(child, 'spawn');
  await expect(check(['--process', 'sleep'])).resolves.toEqual([0, '']);
  child.kill();
  await expect(check(['--process', 'no-such-child'])).resolves.toEqual([1, 'no process no-such-child runs']);
});

test('a program that gets ready while we wait is healthy', async () => {
  attemptsUntilReady = 1;
  await expect(check(['--until', '/ready'])).resolves.toEqual([0, '']);
});

test('the check can be switched off', async () => {
  await expect(check([], { DF_LISTEN_ADDRESS: ':1', HEALTHCHECK: 'false' })).resolves.toEqual([0, '']);
});
