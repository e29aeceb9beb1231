import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { Flag } from '../core/prometheus/flags.js';
import { createPrometheus, type Prometheus, type PrometheusLimits } from './prometheus.js';

/** The real Prometheus on a port of its own. */
let folder: string;
let stop: AbortController;
let ended: Promise<unknown> | undefined;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
  stop = new AbortController();
  ended = undefined;
});
afterEach(async () => {
  stop.abort();
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function writeConfig(text: string): void {
  writeFileSync(path.join(folder, 'prometheus.yml'), text);
}

const GOOD = 'global:\n  scrape_interval: 10s\n';
const BAD = 'global:\n  nonsense: 1\n';

async function create(
  more: readonly Flag[] = [],
  limits: Partial<PrometheusLimits> = {},
  command = 'prometheus',
): Promise<Prometheus> {
  const flags: Flag[] = [
    { name: 'config.file', value: path.join(folder, 'prometheus.yml') },
    { name: 'storage.tsdb.path', value: path.join(folder, 'data') },
    { name: 'web.listen-address', value: `127.0.0.1:${await freePort()}` },
    ...more,
  ];
  return createPrometheus({
    command,
    flags,
    http: createHttpClient({ timeoutMs: 20_000 }),
    logger: silentLogger(),
    print: () => undefined,
    limits: { readyMs: 30_000, reloadMs: 30_000, ...limits },
  });
}

async function started(more: readonly Flag[] = []): Promise<Prometheus> {
  writeConfig(GOOD);
  const prometheus = await create(more);
  await prometheus.start();
  ended = prometheus.actor.run(stop.signal);
  return prometheus;
}

describe.each<[string, readonly Flag[]]>([
  ['by signal and by its lines', []],
  ['by signal and by its metrics', [{ name: 'log.level', value: 'warn' }]],
  ['by signal, with lines in JSON', [{ name: 'log.format', value: 'json' }]],
  ['by request', [{ name: 'web.enable-lifecycle', value: '' }]],
  [
    'below a prefix',
    [
      { name: 'web.external-url', value: 'http://x/monitor' },
      { name: 'log.level', value: 'error' },
    ],
  ],
])('a reload %s', (_how, flags) => {
  test('is live, rejected with the reason, and live again', async () => {
    const prometheus = await started(flags);
    expect(await prometheus.reload(0)).toEqual({ kind: 'live' });
    writeConfig(BAD);
    expect(await prometheus.reload(0)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('nonsense'),
    });
    writeConfig(`${GOOD}rule_files: [bad.rules]\n`);
    writeFileSync(path.join(folder, 'bad.rules'), "groups: [{name: g, rules: [{alert: a, expr: 'sum('}]}]");
    expect(await prometheus.reload(0)).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('could not parse expression'),
    });
    writeConfig(GOOD);
    expect(await prometheus.reload(0)).toEqual({ kind: 'live' });
    expect(prometheus.notRunning()).toBeUndefined();
  });
});

test('stops with the program, and its exit status is the program’s', async () => {
  const prometheus = await started();
  await prometheus.reload(0);
  stop.abort();
  expect(await ended).toBe(0);
  expect(prometheus.notRunning()).toBeDefined();
});

describe('another program', () => {
  function program(script?: string): string {
    const file = path.join(folder, 'program');
    if (script === undefined) return file;
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  test.each([
    ['exit 0', 1],
    ['exit 3', 3],
    ['kill -KILL $$', 1],
  ])('that says %s ends the program with %d', async (script, status) => {
    const prometheus = await create([], {}, program(script));
    await prometheus.start();
    expect(await prometheus.actor.run(stop.signal)).toBe(status);
    expect(await prometheus.reload(0)).toMatchObject({ kind: 'failed' });
  });

  test('that never says that it is ready is not signalled', async () => {
    const prometheus = await create([], { readyMs: 100, stopMs: 500 }, program('exec sleep 60'));
    await prometheus.start();
    ended = prometheus.actor.run(stop.signal);
    expect(await prometheus.reload(0)).toEqual({ kind: 'failed', reason: 'Prometheus is not ready yet' });
    expect(prometheus.notRunning()).toBeUndefined();
  });

  test('that does not answer a signal is not confirmed', async () => {
    const script = `trap '' HUP
echo 'Completed loading of configuration file'
echo 'Server is ready to receive web requests.'
exec sleep 60`;
    const prometheus = await create([], { reloadMs: 200, stopMs: 500 }, program(script));
    await prometheus.start();
    ended = prometheus.actor.run(stop.signal);
    expect(await prometheus.reload(0)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('confirm'),
    });
  });

  test('that loads for longer than it may is asked again only when it has finished', async () => {
    // Ends a load when the file end-N is there, and tells how many have begun.
    const script = `cd ${folder}
n=0
load() { n=$((n+1)); touch begun-$n; while [ ! -e end-$n ]; do sleep 0.01; done; echo 'Completed loading of configuration file'; }
trap load HUP
echo 'Completed loading of configuration file'
echo 'Server is ready to receive web requests.'
while :; do sleep 0.01; done`;
    const prometheus = await create(
      [],
      { reloadMs: 1, reloadMsPerMegabyte: 60_000, stopMs: 500 },
      program(script),
    );
    await prometheus.start();
    ended = prometheus.actor.run(stop.signal);
    const end = (load: number) => writeFileSync(path.join(folder, `end-${load}`), '');
    const reason = async (characters: number) => {
      const result = await prometheus.reload(characters);
      return 'reason' in result ? result.reason : result.kind;
    };
    expect(await reason(0)).toContain('does not confirm');
    expect(await reason(0)).toContain('still loading');
    const second = reason(1_000_000);
    end(1);
    while (!existsSync(path.join(folder, 'begun-2'))) await new Promise((resolve) => setTimeout(resolve, 10));
    end(2);
    expect(await second).toBe('live');
  });

  test('that cannot be found is looked for now and then', async () => {
    const prometheus = await create([], { retryStartMs: 20, stopMs: 500 }, program());
    await prometheus.start();
    ended = prometheus.actor.run(stop.signal);
    expect(await prometheus.reload(0)).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('cannot be started'),
    });
    program('exec sleep 60');
    while (prometheus.notRunning() !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});
