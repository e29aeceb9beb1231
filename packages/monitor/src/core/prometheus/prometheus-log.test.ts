import { describe, expect, test } from '@jest/globals';
import {
  knowsKeepFiringFor,
  prometheusVersion,
  readPrometheusLine,
  readReloadState,
  reasonInLine,
} from './prometheus-log.js';

describe('lines of Prometheus', () => {
  test.each([
    [
      'ts=2024-01-01T00:00:00Z caller=main.go:1234 level=info msg="Completed loading of configuration file"',
      'loaded',
    ],
    [
      'time=2024-01-01T00:00:00Z level=INFO source=main.go:1500 msg="Completed loading of configuration file"',
      'loaded',
    ],
    ['{"level":"info","msg":"Completed loading of configuration file"}', 'loaded'],
    ['level=error msg="Error reloading config" err="couldn\'t load configuration"', 'rejected'],
    ['level=error component="rule manager" msg="loading groups failed" err="a.rules: 5:11"', 'error'],
    ['time=2025 level=ERROR source=manager.go:1 msg="loading groups failed" err="a.rules"', 'error'],
    ['{"component":"rule manager","err":"a.rules","level":"error"}', 'error'],
    ['level=info msg="Server is ready to receive web requests."', 'ready'],
    ['level=info msg="Loading configuration file"', undefined],
  ])('%s', (line, news) => expect(readPrometheusLine(line)).toBe(news));

  test.each([
    ['logfmt with quotes inside', 'msg="Error reloading config" err="say \\"no\\""', 'say "no"'],
    ['a bare word', 'msg="Error reloading config" err=EOF', 'EOF'],
    ['JSON', '{"msg":"Error reloading config","err":"no such file"}', 'no such file'],
    ['no reason: the line itself', 'msg="Error reloading config"', 'msg="Error reloading config"'],
  ])('the reason in %s', (_, line, reason) => expect(reasonInLine(line)).toBe(reason));
});

test.each([
  ['prometheus, version 2.42.0+ds (branch: debian/sid)', { major: 2, minor: 42 }],
  ['prometheus, version 3.1.0 (branch: HEAD)', { major: 3, minor: 1 }],
  ['something else', undefined],
])('%s', (text, version) => expect(prometheusVersion(text)).toEqual(version));

test.each([
  [{ major: 2, minor: 41 }, false],
  [{ major: 2, minor: 42 }, true],
  [{ major: 3, minor: 0 }, true],
  [undefined, true],
])('whether keep_firing_for is known to %j', (version, isKnown) =>
  expect(knowsKeepFiringFor(version)).toBe(isKnown),
);

describe('the metrics page', () => {
  const page = (successful: number, at: string) =>
    [
      '# HELP prometheus_config_last_reload_successful Whether the last configuration reload attempt was successful.',
      `prometheus_config_last_reload_successful ${successful}`,
      `prometheus_config_last_reload_success_timestamp_seconds ${at}`,
    ].join('\n');

  test('tells whether and when', () => {
    expect(readReloadState(page(1, '1.7e+09'))).toEqual({ successful: true, lastSuccessAt: 1.7e9 });
    expect(readReloadState(page(0, '5.25'))).toEqual({ successful: false, lastSuccessAt: 5.25 });
  });

  test('without the two metrics tells nothing', () => expect(readReloadState('up 1\n')).toBeUndefined());
});
