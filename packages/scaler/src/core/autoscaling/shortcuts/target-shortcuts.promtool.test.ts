import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runCommand } from '@docker-flow/daemon/process/child-process';
import { readTargetShortcut, TARGET_SHORTCUTS } from './target-shortcuts.js';

/** Every shortcut is evaluated by Prometheus itself (promtool test rules). Values have one sample each 15 seconds. */
interface Case {
  readonly on: string;
  readonly series: Readonly<Record<string, string>>;
  /** Whether the sum of all services is looked at, where it is open which one it is. */
  readonly whole?: true;
  /** What the expression yields after ten minutes: labels → value. */
  readonly yields: Readonly<Record<string, number>>;
}

const TASK = 'container_label_com_docker_swarm_task_id';
const always = (value: number) => `${value}+0x60`;
/** A counter that grows by so much each second. */
const perSecond = (rate: number) => `0+${rate * 15}x60`;
const info = (backend: string, service: string, instance: string, version = 'stable') => ({
  [`docker_flow_proxy_backend_info{backend="${backend}",service="${service}",source="${service}",version="${version}",instance="${instance}:8080"}`]:
    always(1),
});
const proxied = (metric: string, backend: string, instance = 'p1') =>
  `${metric}{proxy="${backend}",instance="${instance}:9101",job="proxy"}`;
const requests = (backend: string, rate: number, instance?: string) => ({
  [proxied('haproxy_backend_http_requests_total', backend, instance)]: perSecond(rate),
});
const answeredIn = (backend: string, seconds: number, instance?: string) => ({
  [proxied('haproxy_backend_response_time_average_seconds', backend, instance)]: always(seconds),
});
const buckets = (job: string, fast: number, slow: number) => ({
  [`http_server_resp_time_bucket{job="${job}",instance="a",le="0.1"}`]: perSecond(fast),
  [`http_server_resp_time_bucket{job="${job}",instance="a",le="0.5"}`]: perSecond(fast + slow),
  [`http_server_resp_time_bucket{job="${job}",instance="a",le="+Inf"}`]: perSecond(fast + slow),
});

const CASES: readonly Case[] = [
  {
    on: '@cpu',
    series: {
      [`container_cpu_usage_seconds_total{${TASK}="t1",cpu="cpu00",id="/a"}`]: perSecond(0.25),
      [`container_cpu_usage_seconds_total{${TASK}="t1",cpu="cpu01",id="/a"}`]: perSecond(0.5),
      [`container_cpu_usage_seconds_total{${TASK}="t2",cpu="total",id="/b"}`]: perSecond(1.5),
      [`container_cpu_usage_seconds_total{${TASK}="",id="/"}`]: perSecond(9),
      'container_cpu_usage_seconds_total{id="/system"}': perSecond(9),
    },
    yields: { [`{${TASK}="t1"}`]: 0.75, [`{${TASK}="t2"}`]: 1.5 },
  },
  {
    on: '@memory',
    series: {
      [`container_memory_working_set_bytes{${TASK}="t1",id="/a"}`]: always(1_000),
      'container_memory_working_set_bytes{id="/"}': always(9_000),
    },
    yields: { [`{${TASK}="t1"}`]: 1_000 },
  },
  {
    on: '@requests',
    series: {
      ...requests('web-be80_0', 4),
      ...requests('web-be80_0', 6, 'p2'),
      ...requests('web-be81_1', 1),
      ...requests('api-be80_0', 8),
      ...requests('api--canary-be80_0', 2),
      ...requests('stats', 50),
      ...info('web-be80_0', 'web', 'p1'),
      ...info('web-be80_0', 'web', 'p2'),
      ...info('web-be81_1', 'web', 'p1'),
      ...info('api-be80_0', 'api', 'p1'),
      ...info('api--canary-be80_0', 'api', 'p1', 'canary'),
    },
    yields: { '{service="web"}': 11, '{service="api"}': 8 },
  },
  {
    on: '@requests:2m',
    series: {
      // The exporter of old beside HAProxy's own: requests count once.
      ...requests('web-be80_0', 4),
      'haproxy_backend_http_responses_total{backend="web-be80_0",code="2xx",instance="x"}': perSecond(4),
      'haproxy_backend_http_responses_total{backend="old-be80_0",code="2xx",instance="x"}': perSecond(2),
      'haproxy_backend_http_responses_total{backend="old-be80_0",code="5xx",instance="x"}': perSecond(1),
      ...info('web-be80_0', 'web', 'p1'),
      ...info('old-be80_0', 'old', 'p1'),
    },
    yields: { '{service="web"}': 4, '{service="old"}': 3 },
  },
  {
    on: '@connections',
    series: {
      [proxied('haproxy_backend_current_sessions', 'web-be80_0')]: always(7),
      [proxied('haproxy_backend_current_sessions', 'web-be80_0', 'p2')]: always(5),
      ...info('web-be80_0', 'web', 'p1'),
      ...info('web-be80_0', 'other', 'p2'),
    },
    // While a backend changes hands, its connections belong to one of two services, and nobody's look fails.
    whole: true,
    yields: { '{}': 12 },
  },
  {
    on: '@response_time',
    series: {
      ...requests('web-be80_0', 9),
      ...answeredIn('web-be80_0', 0.1),
      ...requests('web-be80_0', 1, 'p2'),
      ...answeredIn('web-be80_0', 1.1, 'p2'),
      // HAProxy shows its last mean for ever; without requests it means nothing.
      ...requests('idle-be80_0', 0),
      ...answeredIn('idle-be80_0', 3),
      ...info('web-be80_0', 'web', 'p1'),
      ...info('idle-be80_0', 'idle', 'p1'),
    },
    yields: { '{service="web"}': 0.2, '{service="idle"}': 0 },
  },
  {
    on: '@response_time:0.5',
    series: { ...buckets('web', 10, 0), ...buckets('api', 0, 10), ...buckets('idle', 0, 0) },
    yields: { '{job="web"}': 0.05, '{job="api"}': 0.3, '{job="idle"}': 0 },
  },
];

const directory = mkdtempSync(path.join(tmpdir(), 'df-target-shortcuts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('there is a case for every shortcut', () => {
  const tested = new Set(CASES.map(({ on }) => on.split(':')[0]));
  expect(TARGET_SHORTCUTS.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});

test('Prometheus yields one number for each task or service', async () => {
  const tests = CASES.map(({ on, series, whole, yields }) => {
    const read = readTargetShortcut(on);
    if (!read || 'problem' in read) throw new Error(`${on} is no shortcut`);
    const { expression } = read.shortcut.query(read.value);
    return {
      interval: '15s',
      name: on,
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      promql_expr_test: [
        {
          // Versions of Prometheus round the last digit of a rate in different ways.
          expr: `round(${whole ? `sum(${expression})` : expression}, 0.000001)`,
          eval_time: '10m',
          exp_samples: Object.entries(yields).map(([labels, value]) => ({ labels, value })),
        },
      ],
    };
  });
  const file = path.join(directory, 'shortcuts.yml');
  writeFileSync(file, JSON.stringify({ tests }));
  const { code, stdout, stderr } = await runCommand('promtool', ['test', 'rules', file], {
    timeoutMs: 60_000,
  });
  expect([code, code === 0 ? '' : stdout + stderr]).toEqual([0, '']);
});
