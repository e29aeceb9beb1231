import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { alertsOf } from '../core/changes/attribute-alerts.js';
import { ask, freePorts } from '../testing/live-haproxy.js';
import { withoutSecrets } from '../core/text/without-secrets.js';
import { createSecretHider } from './hide-secrets.js';
import { detectCapabilities } from './capabilities.js';
import { createHaproxy, type HaproxyOptions } from './process.js';

let directory: string;
let haproxy: ReturnType<typeof createHaproxy>;
let stop: AbortController;
let supervision: Promise<unknown>;
let port = 0;
let failures: string[] = [];

async function create(limits: Pick<HaproxyOptions, 'checkTimeoutMs' | 'settleTimeoutMs'> = {}) {
  return createHaproxy({
    configFile: path.join(directory, 'haproxy.cfg'),
    masterSocket: path.join(directory, 'master.sock'),
    adminSocket: path.join(directory, 'admin.sock'),
    capabilities: await detectCapabilities(),
    terminateOnReload: false,
    environment: withoutSecrets(process.env),
    secrets: createSecretHider(path.join(directory, 'secrets')),
    print: () => undefined,
    logger: silentLogger(),
    ...limits,
  });
}

beforeEach(async () => {
  failures = [];
  directory = mkdtempSync(path.join(tmpdir(), 'haproxy-'));
  [port = 0] = await freePorts(1);
  haproxy = await create({ settleTimeoutMs: 300 });
  stop = new AbortController();
  supervision = haproxy.supervise(stop.signal, (reason) => failures.push(reason));
});
afterEach(async () => {
  stop.abort();
  await supervision;
  rmSync(directory, { recursive: true, force: true });
});

/** A proxy that answers every request itself with a status. */
function write(status: number, more = ''): string {
  const file = path.join(directory, 'haproxy.cfg');
  writeFileSync(
    file,
    `global
    stats socket ${path.join(directory, 'admin.sock')} level admin
defaults
    mode http
    timeout client 5s
    timeout server 5s
    timeout connect 5s
frontend f
    bind 127.0.0.1:${port}
    http-request return status ${status}
    ${more}
`,
  );
  return file;
}

async function status(): Promise<number> {
  return (await ask(port)).status;
}

test('finds out which HAProxy runs here', async () => {
  const { version } = await detectCapabilities();
  expect(version[0]).toBeGreaterThanOrEqual(2);
});

test('a complaint never repeats a secret of the environment', async () => {
  process.env['API_TOKEN'] = 'topsecret';
  try {
    const { ok, output } = await haproxy.check(write(200, 'timeout "${API_TOKEN}" 5s'));
    expect([ok, output]).toEqual([false, expect.not.stringContaining('topsecret')]);
  } finally {
    delete process.env['API_TOKEN'];
  }
});

test('a file that cannot be checked in time is a complaint, so that who is to blame is found', async () => {
  const hasty = await create({ checkTimeoutMs: 1 });
  const { ok, output } = await hasty.check(write(200));
  expect([ok, alertsOf(output)]).toEqual([false, [expect.stringContaining('not checked within 0.001 s')]]);
});

test('a complaint never repeats a password, although it quotes the words of a line', async () => {
  const file = write(
    200,
    'userlist some\n    user me insecure-password swordfish\nbackend b\n    swordfish\n',
  );
  const { ok, output } = await haproxy.check(file);
  expect(ok).toBe(false);
  expect(output).toContain('***');
  expect(output).not.toContain('swordfish');
  const started = await haproxy.reload();
  expect(started.ok).toBe(false);
  expect(JSON.stringify(started)).not.toContain('swordfish');
});

test('a reload has happened when it says so: the next request meets the new configuration', async () => {
  write(200);
  expect(await haproxy.reload()).toMatchObject({ ok: true });
  expect(await status()).toBe(200);
  for (const next of [404, 403, 200]) {
    write(next);
    expect(await haproxy.reload()).toMatchObject({ ok: true });
    expect(await status()).toBe(next);
  }
  expect((await haproxy.processes())?.workers).toHaveLength(1);
});

test('reloads in a row leave one worker, and each has happened when it says so', async () => {
  for (let i = 0; i < 20; i += 1) {
    const next = [200, 404, 403][i % 3] ?? 200;
    write(next);
    expect(await haproxy.reload()).toMatchObject({ ok: true });
    expect(await status()).toBe(next);
  }
  const left = async () => (await haproxy.processes())?.oldWorkers;
  for (let tries = 0; tries < 500 && (await left())?.length !== 0; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await left()).toEqual([]);
});

test('an old worker that hangs does not keep its master from making reloads', async () => {
  write(200);
  await haproxy.reload();
  const [hanging = 0] = (await haproxy.processes())?.workers ?? [];
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  write(403);
  await haproxy.reload();
  process.kill(hanging, 'SIGSTOP');
  try {
    for (const next of [404, 200, 403, 404, 200, 403]) {
      write(next);
      expect(await haproxy.reload()).toMatchObject({ ok: true });
      expect(await status()).toBe(next);
    }
    expect((await haproxy.processes())?.oldWorkers).toContain(hanging);
  } finally {
    process.kill(hanging, 'SIGCONT');
    client.destroy();
  }
});

test('a bad file is refused with what HAProxy says, and the old configuration goes on', async () => {
  write(200);
  await haproxy.reload();
  const file = write(404, 'nonsense here');
  const { ok, output } = await haproxy.check(file);
  expect([ok, output]).toEqual([false, expect.stringContaining("unknown keyword 'nonsense'")]);
  expect(await haproxy.reload()).toMatchObject({ ok: false, reason: expect.stringContaining('nonsense') });
  expect(await status()).toBe(200);
  write(403);
  expect(await haproxy.reload()).toMatchObject({ ok: true });
  expect(await status()).toBe(403);
});

test('a first file that is bad is told, and a good one starts it', async () => {
  write(200, 'nonsense here');
  expect(await haproxy.reload()).toMatchObject({ ok: false });
  write(200);
  expect(await haproxy.reload()).toMatchObject({ ok: true });
  expect(await status()).toBe(200);
});

test('commands go to the worker that runs', async () => {
  write(200);
  await haproxy.reload();
  expect(await haproxy.command('show info')).toContain('Name: HAProxy');
});

test('a master that is killed comes back by itself', async () => {
  write(200);
  await haproxy.reload();
  const before = await haproxy.processes();
  process.kill(before?.master ?? 0, 'SIGKILL');
  for (const pid of before?.workers ?? []) process.kill(pid, 'SIGKILL');
  for (let tries = 0; tries < 500; tries += 1) {
    if ((await status().catch(() => 0)) === 200) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await status()).toBe(200);
  expect((await haproxy.processes())?.master).not.toBe(before?.master);
});

test('a master that cannot come back because its file has been broken says so', async () => {
  write(200);
  await haproxy.reload();
  const before = await haproxy.processes();
  write(200, 'nonsense here');
  process.kill(before?.master ?? 0, 'SIGKILL');
  for (let tries = 0; tries < 500 && failures.length === 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(failures[0]).toBe('HAProxy ended');
  write(403);
  expect(await haproxy.reload()).toMatchObject({ ok: true });
});
