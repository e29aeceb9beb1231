import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalMonitorParameters } from './monitor-parameters.js';
import { isServiceName, parseMonitorLabels } from './monitor-labels.js';

function parse(parameters: Record<string, string>, targetLabels: readonly string[] = []) {
  return parseMonitorLabels(canonicalMonitorParameters(Object.entries(parameters)), { targetLabels });
}

describe('parameter names', () => {
  test('match in any letter case, with and without number', () => {
    const labels = parse({ servicename: 'f', SCRAPEPORT: '80', 'ALERTNAME.2': 'x', 'alertif.2': 'a > 1' });
    expect(labels).toMatchObject({ service: 'f', scrape: { port: 80 }, alerts: [{ index: 2, name: 'x' }] });
  });

  test('that are repeated count with their last value, also in another letter case', () => {
    const pairs = [
      ['scrapePort', '1'],
      ['SCRAPEPORT', '2'],
      ['scrapePort', '3'],
    ] as const;
    expect(parseMonitorLabels(canonicalMonitorParameters(pairs)).scrape.port).toBe(3);
  });

  test('of target labels keep their letter case', () => {
    expect(parse({ Env: 'prod', env: 'test' }, ['Env']).scrape.targetLabels).toEqual({ Env: 'prod' });
  });
});

describe('the service name', () => {
  test.each(['go-demo_main', 'db.acme.com', '10.0.0.1', '[::1]', 'a:b'])('%s is one', (name) =>
    expect(isServiceName(name)).toBe(true),
  );
  test.each(['', '.', '..', '../x', 'a/b', 'a b', 'a"b', 'ä', 'a\nb'])('%j is none', (name) =>
    expect(isServiceName(name)).toBe(false),
  );
});

describe('scrape parameters', () => {
  test.each(['abc', '0', '80.5', '-1', '+80', ' 80', '65536'])(
    'scrapePort=%j counts as absent, and somebody is told',
    (scrapePort) => {
      const { scrape, warnings } = parse({ serviceName: 's', scrapePort });
      expect(scrape.port).toBeUndefined();
      expect(warnings).toMatchObject([{ service: 's', label: 'scrapePort', value: scrapePort }]);
    },
  );

  test('durations that Prometheus would refuse are left out with a warning', () => {
    const { scrape, warnings } = parse({ scrapePort: '80', scrapeInterval: '5', scrapeTimeout: '9999999y' });
    expect(scrape).toMatchObject({ interval: undefined, timeout: undefined });
    expect(warnings.map(({ label }) => label)).toEqual(['scrapeInterval', 'scrapeTimeout']);
  });

  test('what is said about a scrape without its port is told, once', () => {
    const told = parse({ metricsPath: '/m', scrapeInterval: '5s' }).warnings;
    expect(told.map(({ label, expected, kind }) => [label, expected, kind])).toEqual([
      ['metricsPath', 'scrapePort', 'no-effect'],
    ]);
    expect(parse({ scrapePort: '80', metricsPath: '/m' }).warnings).toEqual([]);
    // There the port may be part of the name of the service.
    expect(parse({ scrapeType: 'static_configs', metricsPath: '/m' }).warnings).toEqual([]);
    // A port that is none is told by itself.
    expect(parse({ scrapePort: 'x', metricsPath: '/m' }).warnings).toMatchObject([{ label: 'scrapePort' }]);
  });

  test('tasks are a set, sorted by address, and the id may be missing', () => {
    const nodeInfo = '[["n","10.0.0.2"],["n","10.0.0.1","i"],["n","10.0.0.1","i"],["m","10.0.0.3","i","x"]]';
    expect(parse({ nodeInfo }).scrape.tasks).toEqual([
      { nodeName: 'n', address: '10.0.0.1', nodeId: 'i' },
      { nodeName: 'n', address: '10.0.0.2', nodeId: '' },
      { nodeName: 'm', address: '10.0.0.3', nodeId: '' },
    ]);
  });

  test('tasks without a usable address are skipped with a warning', () => {
    const { scrape, warnings } = parse({
      nodeInfo: '[["n1"],["n2",""],["n3","10.0.0.3","id3"],["n4","10.0.0.4/24","id4"]]',
    });
    expect(scrape.tasks).toEqual([{ nodeName: 'n3', address: '10.0.0.3', nodeId: 'id3' }]);
    expect(warnings).toMatchObject([{ label: 'nodeInfo' }]);
  });

  test.each([
    ['garbage', ['nodeInfo']],
    ['null', []],
    ['{}', ['nodeInfo']],
    ['[1]', ['nodeInfo']],
    ['[["n",1]]', ['nodeInfo']],
    ['[]', []],
  ])('nodeInfo=%s means DNS', (nodeInfo, told) => {
    const { scrape, warnings } = parse({ nodeInfo });
    expect(scrape.tasks).toEqual([]);
    expect(warnings.map(({ label }) => label)).toEqual(told);
  });

  test('dashes in names of target labels become underscores, and an exact match wins', () => {
    const parameters = { 'cost-center': '42', cost_center: '43', 'a.b': '1', empty: '' };
    expect(parse(parameters, ['cost-center', 'a_b', 'empty', 'absent', '1x']).scrape.targetLabels).toEqual({
      cost_center: '42',
      a_b: '1',
    });
  });
});

describe('alerts', () => {
  test('come without number first, then by number, with gaps', () => {
    const numbered = (n: number) => ({ [`alertName.${n}`]: `n${n}`, [`alertIf.${n}`]: 'x > 1' });
    const { alerts } = parse({
      ...numbered(12),
      ...numbered(3),
      ...numbered(1),
      alertName: 'n',
      alertIf: 'y',
    });
    expect(alerts.map(({ index }) => index)).toEqual([undefined, 1, 3, 12]);
  });

  test('without name or condition are left out and told', () => {
    const labels = parse({
      alertName: 'x',
      'alertIf.1': 'a > 1',
      'alertName.2': ' ',
      'alertIf.2': 'a > 1',
      'alertFor.3': '5m',
    });
    expect(labels.alerts).toEqual([]);
    expect(labels.warnings.map(({ kind, label, expected }) => [kind, label, expected])).toEqual([
      ['incomplete', 'alertName', 'alertIf'],
      ['incomplete', 'alertIf.1', 'alertName.1'],
      ['incomplete', 'alertIf.2', 'alertName.2'],
      ['incomplete', 'alertFor.3', 'alertName.3 and alertIf.3'],
    ]);
  });

  test('lose blanks around name, condition and duration', () => {
    expect(parse({ alertName: ' x ', alertIf: '\n a > 1 ', alertFor: ' 5m ' }).alerts).toMatchObject([
      { name: 'x', condition: 'a > 1', for: '5m' },
    ]);
  });

  test.each(['1', 't', 'T', 'true', 'TRUE', 'True', 'on'])('alertPersistent.1=%s is true', (spelling) => {
    const labels = parse({ 'alertName.1': 'x', 'alertIf.1': 'y', 'alertPersistent.1': spelling });
    expect(labels.alerts[0]?.persistent).toBe(true);
  });

  test('alertPersistent=yes is false, and somebody is told', () => {
    const labels = parse({ alertName: 'x', alertIf: 'y', alertPersistent: 'yes' });
    expect(labels).toMatchObject({
      alerts: [{ persistent: false }],
      warnings: [{ label: 'alertPersistent' }],
    });
  });

  test('a piece that is no name=value is dropped with a warning that names service, label and value', () => {
    const labels = parse({
      serviceName: 'a',
      'alertName.1': 'x',
      'alertIf.1': 'y',
      'alertLabels.1': 'no,severity=1',
    });
    expect(labels.alerts[0]?.labels).toEqual({ severity: '1' });
    expect(labels.warnings).toMatchObject([{ service: 'a', label: 'alertLabels.1', value: 'no' }]);
  });
});

test('quotes around a value are left out, and the caller is told', () => {
  const labels = parse({
    scrapePort: '"8080"',
    scrapeInterval: "'5s'",
    alertName: '"x"',
    alertIf: '"up" or "down"',
  });
  expect(labels).toMatchObject({ scrape: { port: 8080, interval: { ms: 5_000 } } });
  expect(labels.alerts).toMatchObject([{ name: 'x', condition: '"up" or "down"' }]);
  expect(labels.warnings.map(({ label, problem }) => [label, problem])).toEqual([
    ['scrapePort', 'is within quotes, which are left out'],
    ['scrapeInterval', 'is within quotes, which are left out'],
    ['alertName', 'is within quotes, which are left out'],
  ]);
});

test.each([['many'], [''], ['1.5'], ['0x2']])('replicas=%j counts as 0', (replicas) =>
  expect(parse({ replicas }).replicas).toBe(0),
);

test('any parameters are read without throwing', () => {
  const names = fc.oneof(
    fc.constantFrom(
      'serviceName',
      'scrapePort',
      'nodeInfo',
      'alertName',
      'alertIf.1',
      'ALERTNAME.1',
      '__proto__',
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(names, fc.string({ unit: 'grapheme' }))), (pairs) => {
      parseMonitorLabels(canonicalMonitorParameters(pairs), { targetLabels: pairs.map(([name]) => name) });
    }),
  );
});
