import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runActors } from '@docker-flow/daemon/process/lifecycle';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { createProgram, program } from './program.js';

const directory = mkdtempSync(path.join(tmpdir(), 'demo-program-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('answers and measures its own requests, and ends when it is told to', async () => {
  const config = program.readConfig(
    { DF_LISTEN_ADDRESS: '127.0.0.1:0', DB: path.join(directory, 'demo.sqlite'), PING_INTERVAL: '10ms' },
    [],
  );
  const stop = new AbortController();
  let listening: (url: string) => void = () => undefined;
  const url = new Promise<string>((resolve) => (listening = resolve));
  const { actors, close } = createProgram(config, {
    logger: silentLogger(),
    version: '1.2.3',
    onListening: ({ host, port }) => listening(`http://${host}:${port}`),
  });
  const ended = runActors(actors, { logger: silentLogger(), stop: stop.signal });
  const base = await url;
  const page = async (at: string) => (await fetch(base + at)).text();
  expect(await page('/demo/hello')).toBe('hello, world!\n');
  expect(await page('/metrics')).toContain('docker_flow_build_info{program="demo",version="1.2.3"} 1');
  // One request was ours; the others are its own.
  const count = async () =>
    Number(/^http_server_resp_time_count\{.*hello.*\} ([0-9]+)$/m.exec(await page('/metrics'))?.[1] ?? 0);
  while ((await count()) < 3) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  expect(await ended).toBe(0);
  await close?.();
});
