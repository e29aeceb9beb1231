import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { runCommand } from '@docker-flow/daemon/process/child-process';
import { canonicalMonitorParameters, parseMonitorLabels } from '@docker-flow/labels';
import { alertingRule, buildAlerts } from '../services/alert.js';
import { renderYaml, type YamlMapping } from '../text/yaml.js';
import { builtInShortcuts, type ShortcutSettings } from './built-in-shortcuts.js';

/**
 * Every shortcut is evaluated by Prometheus itself (promtool test rules): with series that make it fire, and
 * with series that don't. Values have one sample a minute; the alert is looked at after an hour.
 */
type Series = Readonly<Record<string, string>>;

interface Case {
  readonly condition: string;
  readonly settings?: Partial<ShortcutSettings>;
  readonly replicas?: number;
  /** Labels the alert must have when it fires, beside receiver and service. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly fires: readonly Series[];
  readonly silent: readonly Series[];
}

const always = (value: number) => `${value}+0x60`;
/** A counter that grows by so much each minute. */
const perMinute = (amount: number) => `0+${amount}x60`;
const container = (metric: string, labels = 'id="1"', service = 'web') =>
  `${metric}{container_label_com_docker_swarm_service_name="${service}",${labels}}`;
const UP_NODE = { scale: 'up', type: 'node' };
const DOWN_NODE = { scale: 'down', type: 'node' };
const UP = { scale: 'up', type: 'service' };
const DOWN = { scale: 'down', type: 'service' };
const ERRORS = { type: 'errors' };

function containers(count: number): Series {
  const names = Array.from({ length: count }, (_, i) =>
    container('container_memory_usage_bytes', `id="${i}"`),
  );
  return Object.fromEntries(names.map((name) => [name, always(1)]));
}

function memory(usage: number, cache = 0, service = 'web'): Series {
  return {
    [container('container_memory_usage_bytes', 'id="1"', service)]: always(usage),
    [container('container_memory_cache', 'id="1"', service)]: always(cache),
    [container('container_spec_memory_limit_bytes', 'id="1"', service)]: always(100),
  };
}

const NODE_NAMES = {
  legacy: { suffix: '', free: 'node_filesystem_free', size: 'node_filesystem_size' },
  modern: { suffix: '_bytes', free: 'node_filesystem_avail_bytes', size: 'node_filesystem_size_bytes' },
} as const;

function nodeMemory(era: 'legacy' | 'modern', free: number, job = 'web'): Series {
  const { suffix } = NODE_NAMES[era];
  const of = (name: string) => `node_memory_${name}${suffix}{job="${job}",instance="n1"}`;
  return {
    [of('MemTotal')]: always(100),
    [of('MemFree')]: always(free),
    [of('Buffers')]: always(3),
    [of('Cached')]: always(2),
  };
}

function disk(era: 'legacy' | 'modern', free: number, fstype: string): Series {
  const labels = `{job="web",instance="n1",fstype="${fstype}",mountpoint="/"}`;
  return { [NODE_NAMES[era].size + labels]: always(100), [NODE_NAMES[era].free + labels]: always(free) };
}

function responses(within: Readonly<Record<string, number>>, all: number, job = 'web'): Series {
  const bucket = (le: string) => `http_server_resp_time_bucket{job="${job}",le="${le}"}`;
  const buckets = Object.entries({ ...within, '+Inf': all }).map(([le, count]) => [
    bucket(le),
    perMinute(count),
  ]);
  return {
    ...(Object.fromEntries(buckets) as Series),
    [`http_server_resp_time_count{job="${job}"}`]: perMinute(all),
  };
}

function codes(good: number, bad: number): Series {
  return {
    'http_server_resp_time_count{job="web",code="200"}': perMinute(good),
    'http_server_resp_time_count{job="web",code="503"}': perMinute(bad),
  };
}

function cpu(secondsPerMinute: number): Series {
  return {
    [container('container_cpu_usage_seconds_total', 'id="1",cpu="0"')]: perMinute(secondsPerMinute / 2),
    [container('container_cpu_usage_seconds_total', 'id="1",cpu="1"')]: perMinute(secondsPerMinute / 2),
    [container('container_spec_cpu_quota')]: always(100_000),
    [container('container_spec_cpu_period')]: always(100_000),
  };
}

function throttled(periods: number): Series {
  return {
    [container('container_cpu_cfs_throttled_periods_total', 'name="web.1"')]: perMinute(periods),
    [container('container_cpu_cfs_periods_total', 'name="web.1"')]: perMinute(10),
  };
}

function backend(metric: string, values: string, proxy = 'web-be8080_1', more = ''): Series {
  return { [`haproxy_backend_${metric}{proxy="${proxy}"${more}}`]: values };
}

/** What two replicas of the proxy tell of the versions of the service web. */
const VERSIONS: Series = Object.fromEntries(
  ['p1', 'p2'].flatMap((instance) => {
    const info = (name: string, version: string) =>
      `docker_flow_proxy_backend_info{instance="${instance}",backend="${name}-be8080_1",service="web",version="${version}",source="${name}"}`;
    return [
      [info('web', 'stable'), always(1)],
      [info('next', 'canary'), always(1)],
    ];
  }),
);

function answers(proxy: string, errors: number, others: number): Series {
  return {
    ...backend('http_responses_total', perMinute(errors), proxy, ',code="5xx"'),
    ...backend('http_responses_total', perMinute(others), proxy, ',code="2xx"'),
  };
}

function responseTime(proxy: string, seconds: number): Series {
  return backend('response_time_average_seconds', always(seconds), proxy);
}

const idle = (perCpu: number): Series => ({
  'node_cpu_seconds_total{job="web",instance="n1",mode="idle",cpu="0"}': perMinute(perCpu),
});

const nodeCases = (era: 'legacy' | 'modern'): readonly Case[] => {
  const settings = { nodeMetrics: era };
  const fstype = era === 'legacy' ? 'aufs' : 'ext4';
  return [
    {
      condition: '@node_mem_limit:0.8',
      settings,
      fires: [nodeMemory(era, 5)],
      silent: [nodeMemory(era, 50), nodeMemory(era, 5, 'other')],
    },
    {
      condition: '@node_mem_limit_total_above:0.8',
      settings,
      labels: UP_NODE,
      fires: [nodeMemory(era, 5)],
      silent: [nodeMemory(era, 50)],
    },
    {
      condition: '@node_mem_limit_total_below:0.4',
      settings,
      labels: DOWN_NODE,
      fires: [nodeMemory(era, 70)],
      silent: [nodeMemory(era, 50)],
    },
    {
      condition: '@node_fs_limit:0.8',
      settings,
      fires: [disk(era, 10, fstype)],
      silent: [disk(era, 30, fstype), disk(era, 10, 'tmpfs')],
    },
  ];
};

const CASES: readonly Case[] = [
  { condition: '@service_mem_limit:0.8', fires: [memory(90)], silent: [memory(70), memory(90, 0, 'other')] },
  { condition: '@service_mem_limit_nobuff:0.8', fires: [memory(90, 5)], silent: [memory(90, 20)] },
  ...nodeCases('legacy'),
  ...nodeCases('modern'),
  {
    condition: '@resp_time_above:0.1,5m,0.99',
    labels: UP,
    fires: [responses({ '0.1': 90 }, 100)],
    silent: [responses({ '0.1': 100 }, 100), responses({ '0.1': 1 }, 100, 'other')],
  },
  {
    condition: '@resp_time_above:1,5m,0.99',
    fires: [responses({ '1': 90 }, 100)],
    silent: [responses({ '1': 100 }, 100), responses({ '1.0': 90 }, 100)],
  },
  {
    condition: '@resp_time_above:1,5m,0.99',
    settings: { prometheusMajor: 3 },
    fires: [responses({ '1.0': 90 }, 100), responses({ '1': 90 }, 100)],
    silent: [responses({ '1.0': 100 }, 100), responses({ '100': 90 }, 100)],
  },
  {
    condition: '@resp_time_below:0.025,5m,0.75',
    labels: DOWN,
    fires: [responses({ '0.025': 90 }, 100)],
    silent: [responses({ '0.025': 50 }, 100)],
  },
  {
    condition: '@resp_time_below:5,5m,0.75',
    settings: { prometheusMajor: 3 },
    labels: DOWN,
    fires: [responses({ '5.0': 90 }, 100)],
    silent: [responses({ '5.0': 50 }, 100)],
  },
  {
    condition: '@replicas_running',
    replicas: 3,
    labels: UP_NODE,
    fires: [containers(2), containers(4)],
    silent: [containers(3)],
  },
  {
    condition: '@replicas_less_than',
    replicas: 3,
    labels: UP_NODE,
    fires: [containers(2)],
    silent: [containers(3), {}],
  },
  {
    condition: '@replicas_more_than',
    replicas: 3,
    labels: DOWN_NODE,
    fires: [containers(4)],
    silent: [containers(3)],
  },
  {
    condition: '@replicas_missing',
    replicas: 3,
    labels: UP_NODE,
    fires: [containers(2), {}],
    silent: [containers(3)],
  },
  {
    condition: '@resp_time_server_error:5m,0.1',
    labels: ERRORS,
    fires: [codes(80, 20)],
    silent: [codes(95, 5)],
  },
  { condition: '@service_cpu_limit:0.8', fires: [cpu(54)], silent: [cpu(42)] },
  { condition: '@service_cpu_throttled:0.5,2m', fires: [throttled(8)], silent: [throttled(2)] },
  {
    condition: '@service_restarts:1,1h',
    labels: ERRORS,
    fires: [
      {
        [container('container_start_time_seconds', 'id="1"')]: '1+0x20 stale',
        [container('container_start_time_seconds', 'id="2"')]: '_x20 1+0x20 stale',
        [container('container_start_time_seconds', 'id="3"')]: '_x40 1+0x30',
      },
    ],
    silent: [{ [container('container_start_time_seconds')]: always(1) }],
  },
  {
    condition: '@service_oom:10m',
    labels: ERRORS,
    fires: [{ [container('container_oom_events_total')]: '0+0x55 1+0x10' }],
    silent: [{ [container('container_oom_events_total')]: '0 1+0x60' }],
  },
  {
    condition: '@target_down',
    labels: ERRORS,
    fires: [{ 'up{job="web",instance="a"}': always(0) }],
    silent: [{ 'up{job="web",instance="a"}': always(1) }, {}],
  },
  {
    condition: '@target_absent',
    labels: ERRORS,
    fires: [{}, { 'up{job="other"}': always(1) }],
    silent: [{ 'up{job="web",instance="a"}': always(0) }],
  },
  {
    condition: '@resp_time_quantile_above:0.95,5m,0.3',
    labels: UP,
    fires: [responses({ '0.1': 50, '0.5': 100 }, 100)],
    silent: [responses({ '0.1': 100, '0.5': 100 }, 100)],
  },
  {
    condition: '@resp_time_quantile_below:0.95,5m,0.3',
    labels: DOWN,
    fires: [responses({ '0.1': 100, '0.5': 100 }, 100)],
    silent: [responses({ '0.1': 50, '0.5': 100 }, 100)],
  },
  { condition: '@request_rate_above:5m,1', labels: UP, fires: [codes(120, 0)], silent: [codes(30, 0)] },
  { condition: '@request_rate_below:5m,1', labels: DOWN, fires: [codes(30, 0)], silent: [codes(120, 0)] },
  {
    condition: '@error_budget_burn:0.999',
    labels: ERRORS,
    fires: [codes(90, 10)],
    silent: [codes(1000, 1), codes(100, 0)],
  },
  { condition: '@node_cpu_limit:0.8', fires: [idle(6)], silent: [idle(54)] },
  {
    condition: '@node_disk_full_in:4',
    fires: [{ 'node_filesystem_avail_bytes{job="web",fstype="ext4"}': '1000000-10000x60' }],
    silent: [
      { 'node_filesystem_avail_bytes{job="web",fstype="ext4"}': always(1_000_000) },
      { 'node_filesystem_avail_bytes{job="web",fstype="tmpfs"}': '1000000-10000x60' },
    ],
  },
  {
    condition: '@certificate_expires:2d',
    labels: ERRORS,
    fires: [
      {
        'docker_flow_certificates_expiry_timestamp_seconds{certificate="a.pem",service="web"}':
          always(150_000),
        'docker_flow_certificates_expiry_timestamp_seconds{certificate="b.pem",service="web"}':
          always(999_000),
      },
      {
        'docker_flow_certificates_expiry_timestamp_seconds{exported_service="web",service="certificates"}':
          always(150_000),
      },
    ],
    silent: [
      {
        'docker_flow_certificates_expiry_timestamp_seconds{certificate="a.pem",service="web"}':
          always(999_000),
      },
      {
        'docker_flow_certificates_expiry_timestamp_seconds{certificate="a.pem",service="shop"}':
          always(150_000),
      },
    ],
  },
  {
    condition: '@certificate_expires',
    labels: ERRORS,
    fires: [{ 'docker_flow_certificates_expiry_timestamp_seconds{service="web"}': always(1_000_000) }],
    silent: [{ 'docker_flow_certificates_expiry_timestamp_seconds{service="web"}': always(2_000_000) }],
  },
  {
    condition: '@proxy_resp_time_above:0.5',
    labels: UP,
    fires: [
      backend('response_time_average_seconds', always(0.8)),
      backend('response_time_average_seconds', always(0.8), 'https-web-be443_2'),
    ],
    silent: [
      backend('response_time_average_seconds', always(0.2)),
      backend('response_time_average_seconds', always(0.8), 'my-web-be8080_1'),
    ],
  },
  {
    condition: '@proxy_resp_time_above:0.5',
    settings: { proxyMetrics: 'exporter' },
    labels: UP,
    fires: [{ 'haproxy_backend_http_response_time_average_seconds{backend="web-be8080_1"}': always(0.8) }],
    silent: [{ 'haproxy_backend_http_response_time_average_seconds{backend="web-be8080_1"}': always(0.2) }],
  },
  {
    condition: '@proxy_resp_time_below:0.5',
    labels: DOWN,
    fires: [backend('response_time_average_seconds', always(0.2))],
    silent: [backend('response_time_average_seconds', always(0.8))],
  },
  {
    condition: '@canary_error_ratio:5m,0.1',
    labels: ERRORS,
    fires: [{ ...VERSIONS, ...answers('web-be8080_1', 1, 99), ...answers('next-be8080_1', 20, 80) }],
    silent: [
      { ...VERSIONS, ...answers('web-be8080_1', 20, 80), ...answers('next-be8080_1', 20, 80) },
      { ...VERSIONS, ...answers('web-be8080_1', 0, 99), ...answers('other-be8080_1', 20, 80) },
    ],
  },
  {
    condition: '@canary_response_time:2',
    labels: ERRORS,
    fires: [{ ...VERSIONS, ...responseTime('web-be8080_1', 0.1), ...responseTime('next-be8080_1', 0.3) }],
    silent: [
      { ...VERSIONS, ...responseTime('web-be8080_1', 0.1), ...responseTime('next-be8080_1', 0.15) },
      { ...VERSIONS, ...responseTime('web-be8080_1', 0.1), ...responseTime('other-be8080_1', 0.3) },
    ],
  },
  {
    condition: '@proxy_error_rate:5m,0.1',
    labels: ERRORS,
    fires: [
      {
        ...backend('http_responses_total', perMinute(20), 'web-be8080_1', ',code="5xx"'),
        ...backend('http_responses_total', perMinute(80), 'web-be8080_1', ',code="2xx"'),
      },
    ],
    silent: [
      {
        ...backend('http_responses_total', perMinute(5), 'web-be8080_1', ',code="5xx"'),
        ...backend('http_responses_total', perMinute(95), 'web-be8080_1', ',code="2xx"'),
      },
    ],
  },
  {
    condition: '@proxy_request_rate_above:5m,1',
    labels: UP,
    fires: [backend('http_requests_total', perMinute(120))],
    silent: [backend('http_requests_total', perMinute(30))],
  },
  {
    condition: '@proxy_queue_above:5',
    labels: UP,
    fires: [backend('current_queue', always(9))],
    silent: [backend('current_queue', always(2))],
  },
];

const DEFAULTS: ShortcutSettings = { nodeMetrics: 'legacy', proxyMetrics: 'built-in', prometheusMajor: 2 };
const directory = mkdtempSync(path.join(tmpdir(), 'shortcuts-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function ruleOf({ condition, settings, replicas = 0 }: Case, i: number) {
  const parameters = {
    serviceName: 'web',
    replicas: String(replicas),
    alertName: `case${i}`,
    alertIf: condition,
  };
  const labels = parseMonitorLabels(canonicalMonitorParameters(Object.entries(parameters)));
  const shortcuts = builtInShortcuts({ ...DEFAULTS, ...settings });
  const {
    outcomes: [outcome],
  } = buildAlerts(labels, { shortcuts, mayScaleOthers: false, knowsKeepFiringFor: true });
  if (!outcome || !('alert' in outcome)) throw new Error(`${condition}: ${JSON.stringify(outcome)}`);
  return alertingRule(outcome.alert);
}

function unitTest(one: Case, i: number, series: Series, isFiring: boolean): YamlMapping {
  const matchers = Object.entries({ receiver: 'system', service: 'web', ...one.labels }).map(
    ([name, value]) => `${name}="${value}"`,
  );
  const alert = `ALERTS{alertname="web_case${i}",alertstate="firing",${matchers.join(',')}}`;
  return {
    name: `${one.condition} ${isFiring ? 'fires' : 'is silent'} with ${JSON.stringify(series)}`,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `count(${alert}) > bool 0 or vector(0)`,
        eval_time: '60m',
        exp_samples: [{ labels: '{}', value: isFiring ? 1 : 0 }],
      },
    ],
  };
}

describe('in Prometheus', () => {
  test('every shortcut has a case', () => {
    const tested = new Set(CASES.map(({ condition }) => condition.split(':')[0]));
    expect([...builtInShortcuts(DEFAULTS).keys()].filter((name) => !tested.has(name))).toEqual([]);
  });

  test('every shortcut fires when it should, and only then', async () => {
    const files = CASES.map((one, i) => {
      const rules = path.join(directory, `rules-${i}.yml`);
      const tests = path.join(directory, `tests-${i}.yml`);
      const rule = ruleOf(one, i) as unknown as YamlMapping;
      writeFileSync(rules, renderYaml({ groups: [{ name: 'shortcuts', rules: [rule] }] }));
      writeFileSync(
        tests,
        renderYaml({
          rule_files: [rules],
          evaluation_interval: '1m',
          tests: [
            ...one.fires.map((series) => unitTest(one, i, series, true)),
            ...one.silent.map((series) => unitTest(one, i, series, false)),
          ],
        }),
      );
      return tests;
    });
    const { code, stdout, stderr } = await runCommand('promtool', ['test', 'rules', ...files], {
      timeoutMs: 120_000,
    });
    expect(stdout + stderr).not.toContain('FAILED');
    expect(code).toBe(0);
  });
});
