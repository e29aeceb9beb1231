import { expect, test } from '@jest/globals';
import { withServer } from '../../testing/fake-programs.js';
import { runCommand, stackOf } from '../../testing/run-command.js';

const API = ['com.df.servicePath=/api', 'com.df.port=80', 'com.df.alertName=a', 'com.df.alertIf=up == 0'];

interface Change {
  readonly kind: string;
  readonly what: string;
  readonly service: string;
  readonly name?: string;
}

async function changes(before: string, after: string, args: readonly string[] = []) {
  const files = { 'old.yml': before, 'new.yml': after };
  const { status, result } = await runCommand(
    ['diff', '--format', 'json', '--stack', 's', '--base', '@old.yml', ...args, '@new.yml'],
    { files },
  );
  const report = JSON.parse(result) as { changes: Change[]; warnings: { code: string }[] };
  return {
    status,
    result,
    changes: report.changes.map(({ kind, what, service, name = '' }) =>
      `${kind} ${what} ${service} ${name}`.trim(),
    ),
    warnings: report.warnings.map(({ code }) => code),
  };
}

test('the same labels written in another way are no change', async () => {
  const before = stackOf({ api: [...API, 'com.df.timeoutServer=60', 'com.df.users=a:b'] });
  const after = stackOf({ api: [...API, 'com.df.timeoutServer= 60 ', 'com.df.users=a:b'] });
  expect(await changes(before, after)).toMatchObject({ status: 0, changes: [] });
});

const HTTP = ['com.df.servicePath=/api,/v2', 'com.df.port=80', 'com.df.scrapePort=80'];

test.each([
  ['a path type', HTTP, ['com.df.pathType=path_beg']],
  ['an algorithm', HTTP, ['com.df.serviceDomainAlgo=hdr_beg(host)']],
  ['the own host', HTTP, ['com.df.outboundHostname=s_api']],
  ['a redirect code', HTTP, ['com.df.httpsRedirectCode=302']],
  ['tries', HTTP, ['com.df.retries=3']],
  ['times', HTTP, ['com.df.timeoutServer=20', 'com.df.timeoutTunnel=3600']],
  ['a connection mode', HTTP, ['com.df.connectionMode=http-keep-alive', 'com.df.checkResolvers=false']],
  ['a job', HTTP, ['com.df.metricsPath=/metrics', 'com.df.scrapeType=dns']],
  ['checks', [...HTTP, 'com.df.checkPath=/h'], ['com.df.checkInterval=2', 'com.df.checkRise=2']],
  ['the root', ['com.df.serviceDomain=a.test', 'com.df.port=80'], ['com.df.servicePath=/']],
])('a default that is written is no change: %s', async (_what, labels, more) => {
  const found = await changes(stackOf({ api: labels }), stackOf({ api: [...labels, ...more] }));
  expect(found).toMatchObject({ status: 0, changes: [] });
});

test('a default of another proxy is a change', async () => {
  const after = stackOf({ api: [...HTTP, 'com.df.timeoutServer=20', 'com.df.checkResolvers=false'] });
  const args = ['--setting', 'TIMEOUT_SERVER=60', '--setting', 'CHECK_RESOLVERS=true'];
  const { changes: found } = await changes(stackOf({ api: HTTP }), after, args);
  expect(found).toEqual(['changed route s_api', 'changed route s_api 0']);
});

test('the order of a set and the letter case of a domain are no change', async () => {
  const rest = ['com.df.port=80'];
  const before = [
    'com.df.servicePath=/a,/b',
    'com.df.serviceDomain=A.test',
    'com.df.allowedMethods=GET,POST',
  ];
  const after = ['com.df.servicePath=/b,/a', 'com.df.serviceDomain=a.test', 'com.df.allowedMethods=post,get'];
  expect(
    await changes(stackOf({ api: [...before, ...rest] }), stackOf({ api: [...after, ...rest] })),
  ).toMatchObject({ status: 0, changes: [] });
});

test.each([
  ['com.df.httpsOnly=true', 'changed route s_api 0'],
  ['com.df.addResHeader=X-A 1', 'changed route s_api'],
  ['com.df.users=a:s3cret', 'changed route s_api'],
  ['com.df.scrapePort=80', 'added scrape s_api'],
  ['com.df.alertFor=1m', 'changed alert s_api a'],
  ['com.df.scaleMax=9', 'changed scaling s_api'],
  ['com.df.team=shop', 'added label s_api team'],
])('%s is one change', async (label, expected) => {
  const {
    status,
    changes: found,
    result,
  } = await changes(stackOf({ api: API }), stackOf({ api: [...API, label] }));
  expect({ status, found }).toEqual({ status: 1, found: [expected] });
  expect(result).not.toContain('s3cret');
});

test('a new or vanished service is one change', async () => {
  const { changes: found } = await changes(stackOf({ old: API, api: API }), stackOf({ api: API, new: API }));
  expect(found).toEqual(['added service s_new', 'removed service s_old']);
});

test('warnings are those that are new', async () => {
  const before = stackOf({ api: ['com.df.servicePath=api', 'com.df.port=80'] });
  const after = stackOf({
    api: ['com.df.servicePath=api', 'com.df.port=80', 'com.df.compressionType=text/css'],
  });
  expect((await changes(before, after)).warnings).toEqual(['DF104']);
});

test('a listener knows what it sends: neither bounds nor the count of a scaled service are compared', async () => {
  const files = { 's.yml': stackOf({ api: [...API, 'com.df.users=a:b'], db: [] }) };
  const announced = {
    serviceName: 's_api',
    servicePath: '/api',
    port: '80',
    alertName: 'a',
    alertIf: 'up == 0',
    users: '***',
    distribute: 'true',
    replicas: '7',
  };
  const db = { serviceName: 's_db', distribute: 'true', replicas: '1' };
  const LISTENER = '/v1/docker-flow-swarm-listener/get-services';
  await withServer({ [LISTENER]: [announced, db, { ...db, serviceName: 's_gone' }] }, async (address) => {
    const { status, result } = await runCommand(['diff', '--against', address, '@s.yml'], { files });
    expect({ status, result }).toEqual({
      status: 1,
      result: '- s_gone: nothing to route, scrape or alarm\n',
    });
  });
});

test.each([[[]], [['--base', '@s.yml', '--against', 'http://x']]])('%j is no old side', async (args) => {
  const files = { 's.yml': stackOf({ api: API }) };
  expect(await runCommand(['diff', ...args, '@s.yml'], { files })).toMatchObject({
    status: 2,
    messages: expect.stringContaining('--base'),
  });
});
