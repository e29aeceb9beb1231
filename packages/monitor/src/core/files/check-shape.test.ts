import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRuleCheck } from '../prometheus/promtool-output.js';
import type { AlertingRule, TargetGroup } from '../services/prometheus-model.js';
import { PlainScalar } from '../text/yaml.js';
import { typeRule } from './check-form.js';
import { jobShape, ruleShape } from './check-shape.js';
import { renderRules } from './render.js';

const rule: AlertingRule = {
  alert: 'stack_web_mem',
  expr: 'sum(rate(http_count{job="web", code=~"5..|4.."}[5m])) / 100 > 0.8',
  for: '5m',
  labels: { receiver: 'system', service: 'web' },
  annotations: { summary: 'Memory of web is over 0.8: {{ $value }}' },
};

describe('rules', () => {
  test.each<[string, AlertingRule]>([
    ['its name', { ...rule, alert: 'other_mem' }],
    ['a text in its expression', { ...rule, expr: rule.expr.replace('"web"', '"shop-2_api.v1"') }],
    ['a number in its expression', { ...rule, expr: rule.expr.replace('0.8', '12.5') }],
    ['the value of a label', { ...rule, labels: { receiver: 'system', service: 'shop' } }],
    [
      'the text between templates',
      { ...rule, annotations: { summary: 'Disk of shop, full: {{ $value }} now' } },
    ],
  ])('a rule that differs in %s alone is of the same shape', (_, other) => {
    expect(ruleShape(rule)).toBeDefined();
    expect(ruleShape(other)).toBe(ruleShape(rule));
  });

  test.each<[string, AlertingRule]>([
    ['a function', { ...rule, expr: rule.expr.replace('rate', 'irate') }],
    ['the name of a metric label', { ...rule, expr: rule.expr.replace('job=', '__name__=') }],
    ['an empty text', { ...rule, expr: rule.expr.replace('"web"', '""') }],
    ['a regular expression', { ...rule, expr: rule.expr.replace('5..|4..', '5..|(4..') }],
    ['a duration', { ...rule, expr: rule.expr.replace('[5m]', '[0m]') }],
    ['zero', { ...rule, expr: rule.expr.replace('100', '0') }],
    ['a number of another kind', { ...rule, expr: rule.expr.replace('100', '1e3') }],
    ['how long it must hold', { ...rule, for: '5' }],
    ['the name of a label', { ...rule, labels: { receiver: 'system', 'my-service': 'web' } }],
    ['a template in a label', { ...rule, labels: { receiver: 'system', service: '{{ $x }}' } }],
    ['a template', { ...rule, annotations: { summary: 'Memory of web is over 0.8: {{ $valeu }}' } }],
    ['braces', { ...rule, annotations: { summary: 'Memory of {{ web is over 0.8: {{ $value }}' } }],
    ['a field more', { ...rule, keep_firing_for: '5m' }],
  ])('a rule that differs in %s is of another shape', (_, other) =>
    expect(ruleShape(other)).not.toBe(ruleShape(rule)),
  );

  test.each<[string, Partial<AlertingRule>]>([
    ['a name that is no name', { alert: 'a b' }],
    ['an escape', { expr: 'up{a="\\n"} > 1' }],
    ['a raw string', { expr: 'up{a=`b`} > 1' }],
    ['a comment', { expr: 'up > 1 # "' }],
    ['the character that stands for holes', { labels: { a: '\u0001' } }],
  ])('a rule with %s has no shape', (_, part) => expect(ruleShape({ ...rule, ...part })).toBeUndefined());
});

describe('jobs', () => {
  const dns = (service: string, more = {}) => ({
    job_name: service,
    metrics_path: '/metrics',
    dns_sd_configs: [{ names: [`tasks.${service}`], type: 'A', port: 80 }],
    ...more,
  });
  const filed = (service: string) => ({
    job_name: service,
    file_sd_configs: [{ files: [`/etc/prometheus/file_sd/${service}.json`] }],
  });
  const group = (address: string, node: string): TargetGroup => ({
    targets: [`${address}:80`],
    labels: { node, service: 'a' },
  });

  test('jobs that differ in the name of the service alone are of the same shape', () => {
    expect(jobShape(dns('shop_web-2'), undefined)).toBe(jobShape(dns('a'), undefined));
    expect(jobShape(dns('a'), undefined)).toBeDefined();
  });

  test.each([
    ['a path', { metrics_path: '/m' }],
    ['a port', { dns_sd_configs: [{ names: ['tasks.a'], type: 'A', port: 0 }] }],
    ['a kind of lookup', { dns_sd_configs: [{ names: ['tasks.a'], type: 'B', port: 80 }] }],
    ['an interval', { scrape_interval: '0s' }],
    ['an interval as a user wrote it', { scrape_interval: new PlainScalar('5') }],
  ])('jobs that differ in %s are not', (_, more) =>
    expect(jobShape(dns('a', more), undefined)).not.toBe(jobShape(dns('a'), undefined)),
  );

  test('targets count with what is not their address, however many there are', () => {
    const one = jobShape(filed('a'), [group('10.0.0.1', 'n1')]);
    expect(one).toBeDefined();
    expect(jobShape(filed('b'), [group('10.0.0.2', 'n2'), group('h.test', 'n3')])).toBe(one);
    expect(jobShape(filed('a'), [group('10.0.0.1/24', 'n1')])).not.toBe(one);
    const odd = { targets: ['a:80'], labels: { 'no-name': 'x', service: 'a' } };
    expect(jobShape(filed('a'), [odd])).not.toBe(one);
  });

  test('a job that names files besides is checked itself: they may be gone', () => {
    const withCa = { ...filed('a'), tls_config: { ca_file: '/ca.pem' } };
    expect(jobShape(withCa, [group('10.0.0.1', 'n1')])).toBeUndefined();
    expect(jobShape(filed('a'), undefined)).toBeUndefined();
  });
});

/** What promtool says of rules of one shape is the same of each; the expressions are right and wrong ones. */
describe('promtool', () => {
  const EXPRESSIONS = [
    'up{job="S"} > N',
    'up{job="S"} > ',
    'rate(x{a=~"S"}[5m]) > N',
    'rate(x{a=~"S"}[N]) > N',
    'rate(x{a="S"}) > N',
    'x{__name__="S"}',
    'x{__name__="S"}[5m]',
    '{a="S"}',
    '{a!="S"}',
    '{a=~"S", b!~\'S\'} offset N',
    'topk(N, x) by (a)',
    'topk("S", x)',
    'label_replace(x, "S", "S", "S", "S")',
    'label_replace(x, "S", N, "S", "S")',
    'count_values("S", x) == N',
    'quantile_over_time(N, x[5m])',
    'quantile_over_time(x[N], N)',
    'round(x, N)',
    'histogram_quantile(N, x{le="S"}) > N',
    '"S"',
    'N',
    'x @ N',
    'x[5m:N]',
    'x[5m:N] offset N',
    '(x > N',
    'clamp(x, N, N)',
    'x ^ N ^ -N',
    'x{a="S" b="S"}',
    'vector(N) or on("S") x',
    'absent(x{a="S"}) > bool N',
    'day_of_month("S")',
    'predict_linear(x[1h], N) < N',
    'x{a=\'S\'} unless x{a="S"}',
  ];
  const text = fc.stringMatching(/^[A-Za-z0-9 _.,:;/%@=-]{1,12}$/).filter((one) => one !== '');
  const number = fc.oneof(
    fc.integer({ min: 1, max: 999_999_999 }).map(String),
    fc.double({ min: 0.000001, max: 9_999, noNaN: true }).map((one) => String(Number(one.toFixed(4)))),
    fc.constantFrom('0', '0.0', '1', '0.5', '1e3', '0x1f', 'Inf'),
  );
  const expression = fc
    .tuple(fc.constantFrom(...EXPRESSIONS), fc.array(fc.tuple(text, number), { minLength: 5, maxLength: 5 }))
    .map(([form, values]) => {
      let i = 0;
      return form.replace(/S|N/g, (hole) => {
        const [ofText, ofNumber] = values[i % 5] ?? ['a', '1'];
        i += 1;
        return hole === 'S' ? ofText : ofNumber;
      });
    });
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'check-shape-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('says the same of every rule of one shape', async () => {
    const rules = fc
      .sample(expression, { numRuns: 400, seed: 20 })
      .map((expr): AlertingRule => ({ ...rule, expr }));
    const files = rules.flatMap((one, i) => [
      { file: path.join(folder, `${i}.rules`), shape: ruleShape(one), rule: one },
      { file: path.join(folder, `${i}.type.rules`), shape: `type ${ruleShape(one)}`, rule: typeRule(one) },
    ]);
    await Promise.all(
      files.map((one) => writeFile(one.file, renderRules({ groups: [{ name: 'g', rules: [one.rule] }] }))),
    );
    const output = await new Promise<{ stdout: string; stderr: string }>((resolve) =>
      execFile('promtool', ['check', 'rules', ...files.map(({ file }) => file)], (_, stdout, stderr) =>
        resolve({ stdout, stderr }),
      ),
    );
    const verdicts = new Map<string, { readonly isFine: boolean; readonly expr: string }>();
    const different: (readonly string[])[] = [];
    let compared = 0;
    for (const { file, shape = '', rule: one } of files) {
      const isFine = parseRuleCheck(output, file) === 'fine';
      const known = verdicts.get(shape);
      if (known) compared += 1;
      else verdicts.set(shape, { isFine, expr: one.expr });
      if (known && known.isFine !== isFine) different.push([known.expr, one.expr]);
    }
    expect(different).toEqual([]);
    expect(compared).toBeGreaterThan(400);
    expect([...verdicts.values()].filter(({ isFine }) => isFine).length).toBeGreaterThan(20);
    expect([...verdicts.values()].filter(({ isFine }) => !isFine).length).toBeGreaterThan(20);
  });
});
