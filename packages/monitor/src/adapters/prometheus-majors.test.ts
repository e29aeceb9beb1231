import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { prometheusVersion } from '../core/prometheus/prometheus-log.js';
import { bucketMatcher } from '../core/shortcuts/http-shortcuts.js';
import { composeFiles } from '../testing/world.js';

/**
 * What 2.x and 3.x do differently, with the Prometheus that is here: Debian bookworm has 2.42, forky 3.5. What we generate
 * is the same for both, and what is expected of the server stands beside it.
 */
const { major, minor } = prometheusVersion(
  execFileSync('prometheus', ['--version'], { encoding: 'utf8' }),
) ?? {
  major: 0,
  minor: 0,
};
const isModern = major >= 3;
/** 2.42 (Debian bookworm) does not read such names in expressions, 2.53 (trixie) does. */
const readsUtf8 = isModern || minor >= 53;

const TEXT = { 'content-type': 'text/plain; version=0.0.4' };
const PAGES: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
  '/histogram': [
    TEXT,
    '# TYPE http_server_resp_time histogram\nhttp_server_resp_time_bucket{le="1"} 3\nhttp_server_resp_time_bucket{le="+Inf"} 4\n',
  ],
  '/untyped': [{}, 'without_a_type 1\n'],
  '/utf8': [TEXT, '{"http.requests"} 5\n'],
};

let targets: Server;
let folder: string;
let prometheus: ChildProcess;
let ended: Promise<unknown>;
let api: string;

beforeAll(async () => {
  targets = createServer(({ url = '' }, answer) => {
    const [headers, text] = PAGES[url] ?? [TEXT, ''];
    answer.writeHead(200, headers).end(text);
  });
  await listening(targets);
  const target = `127.0.0.1:${portOf(targets)}`;
  const job = (name: string, page: string, more = '') =>
    `- {job_name: ${name}, metrics_path: ${page}, static_configs: [{targets: ['${target}']}]${more}}\n`;
  const jobs = ['histogram', 'untyped', 'utf8'].map((name) => job(name, `/${name}`));
  // 2.x does not know the word.
  if (isModern) jobs.push(job('asked', '/untyped', ', fallback_scrape_protocol: PrometheusText0.0.4'));
  const { rendered } = composeFiles({
    environment: { GLOBAL__SCRAPE_INTERVAL: '1s' },
    scrapeFiles: { scrape_tests: jobs.join('') },
  });
  folder = mkdtempSync(path.join(tmpdir(), 'prometheus-majors-'));
  writeFileSync(path.join(folder, 'prometheus.yml'), rendered.config);
  const port = await freePort();
  api = `http://127.0.0.1:${port}/api/v1`;
  prometheus = spawn(
    'prometheus',
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  ended = new Promise((resolve) => prometheus.once('exit', resolve));
});
afterAll(async () => {
  prometheus.kill('SIGKILL');
  await ended;
  await new Promise((resolve) => targets.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server);
  const port = portOf(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** The result of a query, once it has this many samples; the limits of the test end what never comes. */
async function query(expression: string, samples: number): Promise<readonly Sample[]> {
  for (;;) {
    try {
      const answer = await fetch(`${api}/query?query=${encodeURIComponent(expression)}`);
      const { data } = (await answer.json()) as { readonly data?: { readonly result: readonly Sample[] } };
      if (data !== undefined && data.result.length >= samples) return data.result;
    } catch {
      // It is still starting.
    }
    await pause(100);
  }
}

test('a whole bound of a histogram is found under the name that this Prometheus gives it', async () => {
  const found = await query(`http_server_resp_time_bucket{${bucketMatcher('1', major)}}`, 1);
  expect(found.map(({ metric, value }) => [metric['le'], value[1]])).toEqual([[isModern ? '1.0' : '1', '3']]);
});

test('who gives no type is scraped by 3.x when the operator says how to read it, others are not touched', async () => {
  const expected = {
    histogram: '1',
    untyped: isModern ? '0' : '1',
    utf8: isModern ? '1' : '0',
    ...(isModern ? { asked: '1' } : {}),
  };
  const up = await query('up', Object.keys(expected).length);
  expect(Object.fromEntries(up.map(({ metric, value }) => [metric['job'], value[1]]))).toEqual(expected);
});

/** What promtool says of one alert of a service with these labels. */
function check(labels: Readonly<Record<string, string>>) {
  const { rendered } = composeFiles({ services: [{ serviceName: 'web', alertName: 'a', ...labels }] });
  const file = path.join(folder, 'alert.rules');
  writeFileSync(file, rendered.rules ?? '');
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', file], { encoding: 'utf8' });
  return { isAccepted: status === 0, said: stdout + stderr };
}

test('alerts on names of UTF-8 are for later versions, and others say where they cannot read them', () => {
  const { isAccepted, said } = check({ alertIf: '{"http.requests"} > 1' });
  expect([isAccepted, said.includes('could not parse expression')]).toEqual([readsUtf8, !readsUtf8]);
});

test('alerts that keep firing are known to both', () => {
  const { isAccepted, said } = check({ alertIf: 'up == 0', alertFor: '1m', alertKeepFiringFor: '5m' });
  expect([isAccepted, said]).toEqual([true, expect.stringContaining('1 rules found')]);
});
