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
  server = createServer(({ url, headers }, response) =>
    response.end(`${headers.connection}: metrics of ${url}`),
  );
  await new Promise<void>((resolve) => server.listen(path.join(directory, 's'), resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

test('answers the body, and keeps no connection to a worker that the next reload ends', async () => {
  expect(await getOverSocket(path.join(directory, 's'), '/metrics')).toBe('close: metrics of /metrics');
});

test('says whose answer is missing', async () => {
  await expect(getOverSocket(path.join(directory, 'none'), '/')).rejects.toThrow("HAProxy's exporter");
});
