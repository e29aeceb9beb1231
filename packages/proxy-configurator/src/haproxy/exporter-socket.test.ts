import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { getOverSocket } from './exporter-socket.js';

let directory: string;
let server: Server;
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'exporter-socket-'));
  server = createServer((request, response) => response.end(`metrics of ${request.url}`));
  await new Promise<void>((resolve) => server.listen(path.join(directory, 's'), resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

test('answers the body', async () => {
  expect(await getOverSocket(path.join(directory, 's'), '/metrics')).toBe('metrics of /metrics');
});

test('says whose answer is missing', async () => {
  await expect(getOverSocket(path.join(directory, 'none'), '/')).rejects.toThrow("HAProxy's exporter");
});
