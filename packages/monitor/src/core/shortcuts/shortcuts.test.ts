import { describe, expect, test } from '@jest/globals';
import type { AlertSubject, Shortcuts } from './shortcut.js';
import { builtInShortcuts, type ShortcutSettings } from './built-in-shortcuts.js';
import { readShortcutFile } from './custom-shortcuts.js';
import { expandCondition } from './expand-condition.js';

const SETTINGS: ShortcutSettings = { nodeMetrics: 'legacy', proxyMetrics: 'built-in', prometheusMajor: 2 };

function shortcuts(settings: Partial<ShortcutSettings> = {}, file = ''): Shortcuts {
  const own = file === '' ? [] : (readShortcutFile(file, 'alertif-test') ?? []);
  return new Map([
    ...builtInShortcuts({ ...SETTINGS, ...settings }),
    ...own.map((one) => [one.name, one] as const),
  ]);
}

function subject(condition: string, more: Partial<AlertSubject> = {}): AlertSubject {
  return {
    service: 'web',
    alertName: 'a',
    formattedName: 'web_a',
    condition,
    for: '',
    persistent: false,
    replicas: 3,
    labels: {},
    annotations: {},
    ...more,
  };
}

function expand(condition: string, known = shortcuts(), more: Partial<AlertSubject> = {}) {
  return expandCondition(subject(condition, more), known);
}

function expressionOf(condition: string, known = shortcuts()): string {
  const expansion = expand(condition, known);
  return expansion.ok ? expansion.expression : `rejected: ${expansion.reason}`;
}

test('a condition that is no shortcut stays as it is, operators included', () =>
  expect(expand('up == 0 or x_and_@y')).toEqual({
    ok: true,
    expression: 'up == 0 or x_and_@y',
    annotations: {},
    labels: {},
  }));

describe('one shortcut', () => {
  test('brings its expression, summary and labels', () =>
    expect(expand('@replicas_running')).toEqual({
      ok: true,
      expression:
        'count(container_memory_usage_bytes{container_label_com_docker_swarm_service_name="web"}) != 3',
      annotations: { summary: 'The number of running replicas of the service web is not 3' },
      labels: { receiver: 'system', service: 'web', scale: 'up', type: 'node' },
    }));

  test.each([
    ['@nope:1', 'there is no shortcut named @nope; expected one that /shortcuts lists'],
    ['@service_mem_limit', '@service_mem_limit lacks SHARE'],
    ['@service_mem_limit: ', '@service_mem_limit lacks SHARE'],
    ['@resp_time_above:0.1', 'lacks WINDOW, SHARE; expected @resp_time_above:BOUND,WINDOW,SHARE'],
    ['@service_restarts:1', 'lacks WINDOW'],
    [
      '@Service_mem_limit:1',
      'there is no shortcut named @Service_mem_limit; expected one that /shortcuts lists',
    ],
  ])('%s is rejected: %s', (condition, reason) =>
    expect(expand(condition)).toEqual({ ok: false, reason: expect.stringContaining(reason) }),
  );

  test('has defaults for values in brackets, also when they are blank', () => {
    expect(expressionOf('@node_cpu_limit:0.9')).toContain('[5m]');
    expect(expressionOf('@node_cpu_limit:0.9,')).toContain('[5m]');
    expect(expressionOf('@node_cpu_limit:0.9,2m')).toContain('[2m]');
  });

  test('gets everything behind the first colon', () =>
    expect(
      expand('@t:avg_over_time(x[5m:1m])', shortcuts({}, '"@t": {expanded: "{{ index .Values 0 }}"}')),
    ).toMatchObject({ expression: 'avg_over_time(x[5m:1m])' }));
});

describe('several shortcuts', () => {
  test('are joined, summaries as well, and bring no labels', () => {
    const expansion = expand('@target_down_or_@target_absent_unless_@service_mem_limit:1');
    expect(expansion).toEqual({
      ok: true,
      expression:
        'up{job="web"} == 0 or absent(up{job="web"}) unless container_memory_usage_bytes{container_label_com_docker_swarm_service_name="web"}/container_spec_memory_limit_bytes{container_label_com_docker_swarm_service_name="web"} > 1',
      annotations: {
        summary:
          'A target of the service web is down or The service web has no targets unless Memory of the service web is over 1',
      },
      labels: {},
    });
  });

  test('split only before an @', () => {
    const known = shortcuts({}, '"@cpu_and_mem": {expanded: "x > {{ index .Values 0 }}"}');
    expect(expressionOf('@cpu_and_mem:1_or_@cpu_and_mem:2', known)).toBe('x > 1 or x > 2');
  });

  test('of which one has no summary leave no operator behind', () => {
    const known = shortcuts({}, '"@own": {expanded: y}');
    const summaryOf = (condition: string) => {
      const expansion = expand(condition, known);
      return expansion.ok ? expansion.annotations['summary'] : undefined;
    };
    expect(summaryOf('@target_down_and_@own')).toBe('A target of the service web is down');
    expect(summaryOf('@own_and_@target_down')).toBe('A target of the service web is down');
    expect(summaryOf('@target_down_and_@own_or_@target_down')).toBe(
      'A target of the service web is down and A target of the service web is down',
    );
  });

  test('are rejected when one of them is unknown', () =>
    expect(expand('@target_down_and_@nope')).toMatchObject({ ok: false }));
});

describe('shortcuts of users', () => {
  test('are templates over the alert and the values', () => {
    const file = `
"@t":
  expanded: '{{ .Alert.ServiceName }} {{ .Alert.AlertIf }} {{ .Alert.AlertNameFormatted }}'
  annotations: {summary: '{{ .Alert.AlertIf }}'}
  labels: {team: '{{ .Alert.AlertLabels.team }}', number: 1}
`;
    const known = shortcuts({}, file);
    expect(expand('@t:x', known, { labels: { team: 'blue' } })).toEqual({
      ok: true,
      expression: 'web @t:x web_a',
      annotations: { summary: 'web @t:x web_a' },
      labels: { team: 'blue', number: '1' },
    });
    expect(expand('@t_or_@t', known)).toMatchObject({ annotations: { summary: '@t_or_@t or @t_or_@t' } });
  });

  test.each(['{{ .Nope }}', '{{ index .Values 1 }}', '{{ if }}', '{{ nope }}'])(
    'with the template %s reject the alerts that use them, and no others',
    (template) => {
      const known = shortcuts({}, `"@bad": {expanded: '${template}'}\n"@good": {expanded: up}`);
      expect(expand('@bad:1', known)).toEqual({
        ok: false,
        reason: expect.stringContaining('@bad (alertif-test)'),
      });
      expect(expand('@good', known)).toMatchObject({ ok: true });
    },
  );

  test('replace built-in ones as a whole', () => {
    const known = shortcuts({}, '"@service_mem_limit": {expanded: "x > {{ index .Values 0 }}"}');
    expect(expand('@service_mem_limit:1', known)).toEqual({
      ok: true,
      expression: 'x > 1',
      annotations: {},
      labels: {},
    });
  });

  test.each(['', '- a', '"@x": text', '"@x": {annotations: {}}', '"@x": [', '"@x": {expanded: [a]}'])(
    'are not read from a file that says %j',
    (text) => expect(readShortcutFile(text, 'f')).toBeUndefined(),
  );

  test('may have empty labels and annotations', () =>
    expect(readShortcutFile('"@x":\n  expanded: up\n  labels:\n  annotations:\n', 'f')).toHaveLength(1));

  test('may be written with null and with what YAML calls merging', () => {
    const file = `
"@base": &base
  expanded: up == 0
  labels: { team: core }
  annotations: ~
"@derived":
  <<: *base
  expanded: up == 1
`;
    expect(readShortcutFile(file, 'f')?.map(({ name, shown }) => [name, shown])).toEqual([
      ['@base', { expression: 'up == 0', summary: undefined, labels: { team: 'core' } }],
      ['@derived', { expression: 'up == 1', summary: undefined, labels: { team: 'core' } }],
    ]);
  });
});

describe('settings', () => {
  test('Prometheus 3 writes whole bounds with a fraction', () => {
    const known = shortcuts({ prometheusMajor: 3 });
    expect(expressionOf('@resp_time_above:1,5m,0.99', known)).toContain('le=~"1|1\\\\.0"');
    expect(expressionOf('@resp_time_above:0.1,5m,0.99', known)).toContain('le="0.1"');
    expect(expressionOf('@resp_time_above:1,5m,0.99')).toContain('le="1"');
  });

  test('node_exporter has had other names since 0.16', () => {
    const known = shortcuts({ nodeMetrics: 'modern' });
    expect(expressionOf('@node_mem_limit_total_above:0.8', known)).toBe(
      '(sum(node_memory_MemTotal_bytes{job="web"}) - sum(node_memory_MemFree_bytes{job="web"} + node_memory_Buffers_bytes{job="web"} + node_memory_Cached_bytes{job="web"})) / sum(node_memory_MemTotal_bytes{job="web"}) > 0.8',
    );
  });

  test('the HAProxy exporter of old has other names', () =>
    expect(expressionOf('@proxy_resp_time_above:1', shortcuts({ proxyMetrics: 'exporter' }))).toBe(
      'max by (backend) (haproxy_backend_http_response_time_average_seconds{backend=~"(https-)?web-be[0-9]+_[0-9]+"}) > 1',
    ));

  test('dots of a name are no wildcards in the name of a backend', () => {
    const expansion = expand('@proxy_queue_above:1', shortcuts(), { service: 'a.b' });
    expect(expansion).toMatchObject({ expression: expect.stringContaining('a\\\\.b-be') });
  });
});
