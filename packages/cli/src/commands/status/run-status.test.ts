import { describe, expect, test } from '@jest/globals';
import { Sequence, withServer } from '../../testing/fake-programs.js';
import { runCommand, stackOf } from '../../testing/run-command.js';

const LISTENER = '/v1/docker-flow-swarm-listener/get-services';
const PROXY = '/v1/docker-flow-proxy/status';
const MONITOR = '/v1/docker-flow-monitor/status';

const files = {
  'shop.yml': stackOf({
    web: [
      'com.df.servicePath=/web',
      'com.df.port=80',
      'com.df.scrapePort=80',
      'com.df.scaleMin=2',
      'com.df.scaleMax=4',
      'com.df.alertName=a',
      'com.df.alertIf=up == 0',
    ],
  }),
};
const ANNOUNCED = {
  serviceName: 'shop_web',
  servicePath: '/web',
  port: '80',
  scrapePort: '80',
  scaleMin: '2',
  scaleMax: '4',
  alertName: 'a',
  alertIf: 'up == 0',
  distribute: 'true',
  replicas: '3',
};
const ROUTED = {
  services: [{ service: 'shop_web', routes: [{ mode: 'http', paths: ['/web'], domains: [], port: 80 }] }],
  rejected: [],
};
const ALERT = { alertNameFormatted: 'shop_web_a', expression: 'up == 0' };
const MONITORED = {
  services: [{ serviceName: 'shop_web', scrape: { scrapePort: 80 }, alerts: [ALERT], rejected: [] }],
};
const TARGET = { labels: { job: 'shop_web' }, health: 'up', lastError: '' };
const ALL_WELL = {
  [LISTENER]: [ANNOUNCED],
  [PROXY]: ROUTED,
  [MONITOR]: MONITORED,
  '/api/v1/targets': { data: { activeTargets: [TARGET] } },
  '/api/v1/rules': { data: { groups: [{ rules: [{ name: 'shop_web_a' }] }] } },
  '/v1/services': {
    services: [
      { name: 'shop_web', replicas: { wanted: 3, running: 3 }, min: { value: 2 }, max: { value: 4 } },
    ],
  },
};

/** What each program says of the one service, as `name state reason`. */
async function statesOf(answers: object, more: readonly string[] = []) {
  return withServer({ ...ALL_WELL, ...answers }, async (address) => {
    const asked = ['listener', 'proxy', 'monitor', 'prometheus', 'scaler'].flatMap((one) => [
      `--${one}`,
      address,
    ]);
    const { status, result } = await runCommand(
      ['status', '--format', 'json', ...asked, ...more, '@shop.yml'],
      {
        files,
      },
    );
    const report = JSON.parse(result) as {
      live: boolean;
      services: { checks: { name: string; state: string; reason: string }[] }[];
    };
    const [service] = report.services;
    const states = service?.checks.map(({ name, state, reason }) => `${name} ${state} ${reason}`.trim());
    return { status, live: report.live, states };
  });
}

test('all is live when every program says so', async () => {
  expect(await statesOf({})).toEqual({
    status: 0,
    live: true,
    states: ['listener ok', 'proxy ok', 'monitor ok', 'prometheus ok', 'scaler ok'],
  });
});

describe('what is not well is told by program', () => {
  test.each([
    [{ [LISTENER]: [] }, 'listener waiting is not announced yet'],
    [{ [LISTENER]: [{ ...ANNOUNCED, port: '81' }] }, 'listener waiting announced with another port'],
    [{ [PROXY]: { services: [], rejected: [] } }, 'proxy waiting is not routed yet'],
    [
      { [PROXY]: { ...ROUTED, rejected: [{ service: 'shop_web', message: 'srcPort is taken' }] } },
      'proxy failed srcPort is taken',
    ],
    [
      {
        [PROXY]: {
          services: [
            { service: 'shop_web', routes: [{ mode: 'http', paths: ['/old'], domains: [], port: 80 }] },
          ],
        },
      },
      'proxy waiting lacks the route http below /web to 80',
    ],
    [
      {
        [MONITOR]: {
          services: [
            { serviceName: 'shop_web', rejected: [{ alertName: 'a', reason: 'no PromQL' }], alerts: [] },
          ],
        },
      },
      'monitor failed the alert a is rejected: no PromQL',
    ],
    [
      {
        '/api/v1/targets': { data: { activeTargets: [{ ...TARGET, health: 'down', lastError: 'refused' }] } },
      },
      'prometheus waiting a target is down: refused',
    ],
    [{ '/api/v1/rules': { data: { groups: [] } } }, 'prometheus waiting lacks the rule shop_web_a'],
    [
      {
        '/v1/services': {
          services: [
            { name: 'shop_web', replicas: { wanted: 3, running: 1 }, min: { value: 2 }, max: { value: 4 } },
          ],
        },
      },
      'scaler waiting 1 of 3 replicas run',
    ],
    [{ '/v1/services': { services: [] } }, 'scaler waiting is not known yet'],
  ])('%j', async (answers, expected) => {
    const { status, live, states } = await statesOf(answers);
    expect({ status, live }).toEqual({ status: 1, live: false });
    expect(states).toContain(expected);
  });
});

test('waits until all is well', async () => {
  const late = { [PROXY]: new Sequence({ services: [] }, { services: [] }, ROUTED) };
  expect(await statesOf(late, ['--wait', '20s', '--interval', '10ms'])).toMatchObject({
    status: 0,
    live: true,
  });
});

test('what has failed is not waited for', async () => {
  const rejected = { [PROXY]: { services: [], rejected: [{ service: 'shop_web', message: 'no' }] } };
  expect(await statesOf(rejected, ['--wait', '1h'])).toMatchObject({ status: 1, live: false });
});

test('without files the services are those of the listener', async () => {
  await withServer(ALL_WELL, async (address, asked) => {
    const { status, result } = await runCommand(
      ['status', '--listener', address, '--proxy', address, '--stack', 'shop'],
      { environment: { DFLOW_TOKEN: 't0ken' } },
    );
    expect(status).toBe(0);
    expect(result).toContain('shop_web: listener ok, proxy ok');
    expect(asked).toContain(`${LISTENER} Bearer t0ken`);
  });
});

test.each([
  [['--listener', 'http://user:s3cret@127.0.0.1:9', '@shop.yml'], /127\.0\.0\.1:9/],
  [['@shop.yml'], /--listener/],
  [['--listener', 'http://127.0.0.1:9', '--wait', 'soon', '@shop.yml'], /--wait soon/],
])('%j cannot be done', async (args, message) => {
  const { status, result, messages } = await runCommand(['status', ...args], { files });
  expect([status, result]).toEqual([2, '']);
  expect(messages).toMatch(message);
  expect(messages).not.toContain('s3cret');
});

test('files with errors are told first and not waited for', async () => {
  await withServer(ALL_WELL, async (address) => {
    const broken = { 'shop.yml': files['shop.yml'].replace('port=80', 'port=eighty') };
    const { status, messages } = await runCommand(
      ['status', '--listener', address, '--wait', '1h', '@shop.yml'],
      {
        files: broken,
      },
    );
    expect(status).toBe(1);
    expect(messages).toContain('DF101');
  });
});

test('a service that is named without a file is waited for', async () => {
  const answers = { [LISTENER]: new Sequence([], [ANNOUNCED]), [PROXY]: ROUTED };
  const args = (address: string, name: string) => [
    'status',
    '--listener',
    address,
    '--proxy',
    address,
    '--wait',
    '20s',
    '--interval',
    '10ms',
    name,
  ];
  await withServer(answers, async (address) => {
    const { status, messages } = await runCommand(args(address, 'shop_web'));
    expect(status).toBe(0);
    expect(messages).toContain('shop_web: listener no service of this name is announced');
  });
});

test('and not live when it never comes', async () => {
  await withServer({ [LISTENER]: [ANNOUNCED] }, async (address) => {
    const { status, result } = await runCommand(['status', '--listener', address, 'shop_other']);
    expect([status, result]).toEqual([
      1,
      'shop_other: listener waiting\n    listener: no service of this name is announced\nnot live\n',
    ]);
  });
});
