import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from '@jest/globals';
import { run } from '../../program.js';

const folder = mkdtempSync(path.join(tmpdir(), 'dflow-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function stackOf(labels: readonly string[], more = ''): string {
  const lines = labels.map((label) => `        - ${label}`).join('\n');
  return `services:
  web:
    image: example/app
    networks: [proxy, monitor]
    deploy:
      labels:
${lines}
${more}networks:
  proxy: {external: true}
  monitor: {external: true}
`;
}

async function lint(text: string, args: readonly string[] = [], environment: Record<string, string> = {}) {
  const file = path.join(folder, 'shop.yml');
  writeFileSync(file, text);
  let result = '';
  let messages = '';
  const status = await run(['lint', '--promtool', 'never', '--haproxy', 'never', ...args, file], {
    stdin: Readable.from([]),
    writeResult: (chunk) => {
      result += chunk;
      return Promise.resolve();
    },
    writeMessage: (chunk) => void (messages += chunk),
    isTerminal: false,
    nowMs: () => performance.now(),
    sleep: () => Promise.resolve(),
    environment,
  });
  return { status, result, messages, file };
}

async function findings(labels: readonly string[], args: readonly string[] = [], more = '') {
  const { status, result } = await lint(stackOf(['com.df.notify=true', ...labels], more), [
    '--format',
    'json',
    ...args,
  ]);
  const report = JSON.parse(result) as {
    findings: { code: string; line: number; label?: string; suggestion?: string; message: string }[];
  };
  return { status, codes: report.findings.map(({ code }) => code), findings: report.findings };
}

const ROUTE = ['com.df.servicePath=/shop', 'com.df.port=80'];

test('a stack that means what it says has no finding', async () => {
  expect(await findings([...ROUTE, 'com.df.scrapePort=9100', 'com.example.team=shop'])).toMatchObject({
    status: 0,
    codes: [],
  });
});

describe('one mistake is one finding with its place:', () => {
  test.each([
    ['a value that its reader refuses', [...ROUTE, 'com.df.timeoutServer=1m'], 'DF101', 10],
    ['a misspelt name', ['com.df.servicePaht=/shop', 'com.df.port=80'], 'DF102', 8],
    ['another letter case', ['com.df.scrapeport=9100'], 'DF103', 8],
    ['quotes that YAML did not see', ['com.df.servicePath="/shop"', 'com.df.port=80'], 'DF105', 8],
    ['a number after a gap', [...ROUTE, 'com.df.timeoutServer.0=5'], 'DF106', 10],
    ['a blank in a name', ['com.df.servicePath =/shop', 'com.df.port=80'], 'DF109', 8],
    ['the prefix the other way round', ['df.com.servicePath=/shop', 'com.df.port=80'], 'DF109', 8],
    ['a route without a path', ['com.df.port=80'], 'DF201', 8],
    ['a route without a port', ['com.df.servicePath=/shop'], 'DF202', 8],
    ['a path that cannot match', ['com.df.servicePath=shop', 'com.df.port=80'], 'DF205', 8],
    [
      'an entry port that is taken',
      ['com.df.reqMode=tcp', 'com.df.srcPort=8080', 'com.df.port=1'],
      'DF206',
      9,
    ],
    ['an alert without condition', ['com.df.alertName=slow'], 'DF301', 8],
    ['an unknown shortcut', ['com.df.alertName=m', 'com.df.alertIf=@service_mem_limt:0.8'], 'DF302', 9],
    ['a shortcut that lacks values', ['com.df.alertName=m', 'com.df.alertIf=@resp_time_above:1'], 'DF303', 9],
    ['bounds that cross', ['com.df.scaleMin=5', 'com.df.scaleMax=2'], 'DF401', 8],
    [
      'a single dollar sign',
      ['com.df.alertName=m', 'com.df.alertIf=up == 0', 'com.df.alertAnnotations=s={{ $x }}'],
      'DF506',
      10,
    ],
    ['a variable that is not set', ['com.df.serviceDomain=${NONE}', ...ROUTE], 'DF507', 8],
  ])('%s', async (_, labels, code, line) => {
    const { findings: found } = await findings(labels);
    expect(found.map((one) => [one.code, one.line])).toEqual([[code, line]]);
  });
});

test('without raw configuration each label that holds some is named', async () => {
  const raw = ['com.df.backendExtra=option x', 'com.df.setResHeader=X-A %[src]', 'com.df.delReqHeader=X-B'];
  const { findings: found } = await findings([...ROUTE, ...raw], ['--no-raw']);
  expect(found.map((one) => [one.code, one.line])).toEqual([
    ['DF110', 10],
    ['DF110', 11],
  ]);
});

test('bounds are worth a hint only while no alert, by its labels or its shortcut, scales', async () => {
  const bounds = ['com.df.scaleMin=1', 'com.df.scaleMax=4', 'com.df.scrapePort=80', 'com.df.alertName=slow'];
  const codes = async (...alert: string[]) =>
    (await findings([...bounds, ...alert], ['--level', 'info'])).codes;
  expect(await codes('com.df.alertIf=up == 0')).toEqual(['DF404']);
  expect(await codes('com.df.alertIf=up == 0', 'com.df.alertLabels=scale=up')).toEqual([]);
  expect(await codes('com.df.alertIf=@resp_time_above:0.1,5m,0.99')).toEqual([]);
});

test('no part of a secret value is printed, nor suggested', async () => {
  const { result } = await lint(
    stackOf([
      'com.df.notify=true',
      ...ROUTE,
      'com.df.users="ann:t0p,:n0name"',
      'com.df.usersPassEncrypted=x',
    ]),
    ['--format', 'json'],
  );
  expect(result).toContain('com.df.users');
  expect(result).not.toMatch(/t0p|n0name/);
});

test('of two routes the one that never gets a request is told, with the service that takes it', async () => {
  const other = `  a-shop:
    image: example/app
    networks: [proxy]
    deploy:
      labels: [com.df.notify=true, com.df.servicePath=/, com.df.serviceDomain=x.org, com.df.port=80]
  b-shop:
    image: example/app
    networks: [proxy]
    deploy:
      labels: [com.df.notify=true, com.df.servicePath=/, com.df.serviceDomain=x.org, com.df.port=80]
`;
  const { findings: found } = await findings(ROUTE, [], other);
  expect(found).toEqual([
    expect.objectContaining({ code: 'DF208', message: expect.stringContaining('a-shop') }),
  ]);
});

test('promtool judges expressions where it is there', async () => {
  const labels = ['com.df.alertName=m', 'com.df.alertIf=sum(rate(x[5m])'];
  const withIt = await lint(stackOf(['com.df.notify=true', ...labels]), ['--promtool', '/usr/bin/promtool']);
  expect(withIt).toMatchObject({ status: 1, messages: '' });
  expect(withIt.result).toMatch(/DF304[^]*is not PromQL/);
  const without = await lint(stackOf(['com.df.notify=true', ...labels]));
  expect(without).toMatchObject({ status: 1, messages: expect.stringContaining('what only promtool') });
  expect(without.result).toMatch(/:9:41: error DF304[^]*is not PromQL/);
});

test('what people read has a line for each finding and a summary', async () => {
  const { result, file, status } = await lint(
    stackOf(['com.df.notify=true', ...ROUTE, 'com.df.httpsOnly=yes']),
  );
  expect(status).toBe(1);
  expect(result).toBe(
    `${file}:10:11: error DF101 service web: httpsOnly="yes" is not a boolean and counts as false; expected true or false\n   10 |         - com.df.httpsOnly=yes\n      |           ^^^^^^^^^^^^^^^^^^^^\n1 error, 0 warnings in 1 service\n`,
  );
});

describe('pipelines', () => {
  const text = stackOf(['com.df.notify=true', 'com.df.servicePath=a,b%', 'com.df.port=x']);

  test('GitHub gets annotations', async () => {
    const { result } = await lint(text, ['--format', 'github']);
    expect(result).toMatch(/^::error file=.*shop\.yml,line=9,col=11,title=DF101::port="x" is not a port/m);
  });

  test.each(['sarif', 'codeclimate'])('%s is JSON', async (format) => {
    const { result } = await lint(text, ['--format', format]);
    expect(JSON.stringify(JSON.parse(result))).toContain('DF101');
  });

  test('JUnit has a failure for each error', async () => {
    const { result } = await lint(text, ['--format', 'junit']);
    expect(result).toMatch(
      /<testsuite name="[^"]*shop\.yml" tests="1" failures="1" errors="0" skipped="0">[^]*DF101 line 9/,
    );
  });
});

test.each([
  [['--setting', 'NONSENSE=1'], /--setting NONSENSE=1/],
  [['--format', 'xml'], /xml/],
])('%j cannot be done', async (args, message) => {
  expect(await lint(stackOf(ROUTE), args)).toMatchObject({
    status: 2,
    result: '',
    messages: expect.stringMatching(message),
  });
});
