import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { runCommand } from '@docker-flow/daemon/process/child-process';
import { readSampleAges, sampleAgeQuery } from './sample-ages.js';

const directory = mkdtempSync(path.join(tmpdir(), 'sample-ages-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What promtool says of the ages after ten minutes and four seconds, with samples every 15 seconds. */
async function evaluate(
  series: Readonly<Record<string, string>>,
  selectors: readonly string[],
  yields: Readonly<Record<string, number>>,
): Promise<string> {
  const file = path.join(directory, 'test.yml');
  const input = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const samples = Object.entries(yields).map(([labels, value]) => ({ labels, value }));
  const tests = [
    {
      interval: '15s',
      input_series: input,
      promql_expr_test: [{ expr: sampleAgeQuery(selectors), eval_time: '10m4s', exp_samples: samples }],
    },
  ];
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ evaluation_interval: '15s', tests }));
  const result = await runCommand('promtool', ['test', 'rules', file], { timeoutMs: 60_000 });
  return `${result.stdout}${result.stderr}`;
}

test('the age of the newest samples, counted from when their scrape has ended', async () => {
  const said = await evaluate(
    {
      'requests_total{job="web",instance="a"}': '0+1x60',
      'requests_total{job="web",instance="b"}': '0+1x60',
      'other_total{job="old",instance="c"}': '0+1x38',
      'scrape_duration_seconds{job="web",instance="a"}': '0.5+0x60',
      'scrape_duration_seconds{job="web",instance="b"}': '0.5+0x60',
    },
    ['requests_total{job="web"}', 'other_total'],
    { '{age="3.5"}': 2, '{age="34"}': 1 },
  );
  expect(said).toContain('SUCCESS');
});

test('what is no answer has no ages', () => {
  expect(readSampleAges({ ok: false, reason: 'no answer' })).toEqual([]);
  const series = [
    { labels: { age: '3.5' }, value: '2' },
    { labels: { age: '-0.1' }, value: '1' },
    { labels: {}, value: 'NaN' },
  ];
  expect(readSampleAges({ ok: true, series })).toEqual([
    { ageMs: 3_500, series: 2 },
    { ageMs: 0, series: 1 },
  ]);
});
