import { describe, expect, test } from '@jest/globals';
import { applyVariables, type VariableSections } from './apply-variables.js';
import { configVariables } from './variable.js';

function sectionsOf(environment: Record<string, string>): VariableSections {
  return applyVariables(configVariables(environment), []);
}

describe('names', () => {
  test('with single underscores still work', () => {
    const sections = sectionsOf({
      GLOBAL_SCRAPE_INTERVAL: '7s',
      'GLOBAL_EXTERNAL_LABELS-CLUSTER': 'Swarm',
      'GLOBAL_EXTERNAL_LABELS-TYPE': 'test',
      REMOTE_WRITE_URL: 'http://w',
      REMOTE_READ_REMOTE_TIMEOUT: '3s',
      REMOTE_READ_URL: 'http://r',
    });
    expect(sections).toMatchObject({
      global: { scrape_interval: '7s', external_labels: { cluster: 'Swarm', type: 'test' } },
      remoteWrite: [{ url: 'http://w' }],
      remoteRead: [{ url: 'http://r', remote_timeout: '3s' }],
      problems: [],
    });
  });

  test('with double underscores win over them', () => {
    const { global } = sectionsOf({ GLOBAL__SCRAPE_INTERVAL: '20s', GLOBAL_SCRAPE_INTERVAL: '10s' });
    expect(global).toEqual({ scrape_interval: '20s' });
  });

  test('an empty new one undoes an old one', () =>
    expect(
      sectionsOf({ GLOBAL__SCRAPE_INTERVAL: '', GLOBAL_SCRAPE_INTERVAL: '10s' }).global,
    ).toBeUndefined());

  test('of maps may have any number, because it only tells them apart', () =>
    expect(sectionsOf({ GLOBAL__EXTERNAL_LABELS_0: 'a=b', GLOBAL__EXTERNAL_LABELS_7: 'c=d' }).global).toEqual(
      { external_labels: { a: 'b', c: 'd' } },
    ));

  test.each(['RULE_FILES_1', 'global__scrape_timeout', 'MY_GLOBAL__X'])('%s is none of ours', (name) =>
    expect(configVariables({ [name]: 'x' })).toEqual([]),
  );

  test.each([
    'ALERTING_FOO',
    'GLOBAL__',
    'SCRAPE_CONFIGS_1',
    'REMOTE_WRITE__URL',
    'REMOTE_WRITE_0__URL',
    'SCRAPE_CONFIGS_1__STATIC_CONFIGS__TARGETS_1',
    'SCRAPE_CONFIGS_1__STATIC_CONFIGS_1__TARGETS',
    'SCRAPE_CONFIGS_1__JOB_NAME__X',
    'SCRAPE_CONFIGS_1__BASIC_AUTH',
    'GLOBAL__EXTERNAL_LABELS',
    'GLOBAL_X__Y',
  ])('%s=x has no place and is reported', (name) => {
    const sections = sectionsOf({ [name]: 'x' });
    expect(sections).toMatchObject({
      global: undefined,
      alerting: undefined,
      scrapeConfigs: [],
      remoteWrite: [],
    });
    expect(sections.problems.map(({ variable }) => variable)).toContain(name);
  });
});

describe('lists', () => {
  test('are in the order of their numbers, without gaps', () => {
    const sections = sectionsOf({
      REMOTE_WRITE_10__URL: 'http://c',
      REMOTE_WRITE_9__URL: 'http://b',
      REMOTE_WRITE_3__URL: 'http://a',
      SCRAPE_CONFIGS_1__JOB_NAME: 'j',
      SCRAPE_CONFIGS_1__STATIC_CONFIGS_2__TARGETS_7: 'b:1',
      SCRAPE_CONFIGS_1__STATIC_CONFIGS_2__TARGETS_2: 'a:1',
    });
    expect(sections.remoteWrite.map(({ url }) => url)).toEqual(['http://a', 'http://b', 'http://c']);
    expect(sections.scrapeConfigs).toEqual([
      { job_name: 'j', static_configs: [{ targets: ['a:1', 'b:1'] }] },
    ]);
  });

  test('of Alertmanagers begin with those from ARG_ALERTMANAGER_URL', () => {
    const variables = configVariables({
      ALERTING__ALERTMANAGERS_1__TIMEOUT: '5s',
      ALERTING__ALERTMANAGERS_1__STATIC_CONFIGS_1__TARGETS_2: 'am2:9093',
      ALERTING__ALERTMANAGERS_3__STATIC_CONFIGS_1__TARGETS_1: 'x:1',
    });
    const fromUrl = { scheme: 'http', static_configs: [{ targets: ['am:9093'] }] };
    expect(applyVariables(variables, [fromUrl]).alerting).toEqual({
      alertmanagers: [
        { scheme: 'http', timeout: '5s', static_configs: [{ targets: ['am:9093', 'am2:9093'] }] },
        { static_configs: [{ targets: ['x:1'] }] },
      ],
    });
  });

  test('have no entries without their identifying key', () => {
    const sections = sectionsOf({ REMOTE_READ_1__READ_RECENT: 'true', SCRAPE_CONFIGS_1__METRICS_PATH: '/x' });
    expect(sections).toMatchObject({ remoteRead: [], scrapeConfigs: [] });
    expect(sections.problems).toHaveLength(2);
  });
});

describe('values', () => {
  const job = (options: Record<string, string>) => {
    const named = Object.entries(options).map(([key, value]) => [`SCRAPE_CONFIGS_1__${key}`, value]);
    return sectionsOf({ SCRAPE_CONFIGS_1__JOB_NAME: 'j', ...(Object.fromEntries(named) as object) });
  };

  test('have the type of their option', () =>
    expect(
      job({
        HONOR_LABELS: 'T',
        SAMPLE_LIMIT: '10',
        METRICS_PATH: '1',
        BASIC_AUTH__PASSWORD: 'true',
        DNS_SD_CONFIGS_1__NAMES_1: 'n',
        DNS_SD_CONFIGS_1__PORT: '0',
        TLS_CONFIG__INSECURE_SKIP_VERIFY: 'false',
      }).scrapeConfigs,
    ).toEqual([
      {
        job_name: 'j',
        honor_labels: true,
        sample_limit: 10,
        metrics_path: '1',
        basic_auth: { password: 'true' },
        dns_sd_configs: [{ names: ['n'], port: 0 }],
        tls_config: { insecure_skip_verify: false },
      },
    ]));

  test('of the wrong type leave the option out', () => {
    const { scrapeConfigs, problems } = job({ HONOR_LABELS: 'maybe', SAMPLE_LIMIT: 'x' });
    expect(scrapeConfigs).toEqual([{ job_name: 'j' }]);
    expect(problems).toHaveLength(2);
  });

  test('that are empty, zero or false are left out', () =>
    expect(
      job({ HONOR_LABELS: 'false', SAMPLE_LIMIT: '0', SCHEME: '', RELABEL_CONFIGS_1__REGEX: '' })
        .scrapeConfigs,
    ).toEqual([{ job_name: 'j' }]));

  test('name=text is cut at the first equals sign, and a number at the end of the name belongs to it', () =>
    expect(
      sectionsOf({ GLOBAL__EXTERNAL_LABELS_1: 'zone_1=a=b', GLOBAL__EXTERNAL_LABELS_2: 'Cluster=x' }).global,
    ).toEqual({ external_labels: { zone_1: 'a=b', Cluster: 'x' } }));

  test('params are lists; without a number the list has one item', () =>
    expect(job({ PARAMS_1: 'module_3=b', PARAMS_2: 'module_1=a', PARAMS_3: 'x=y=z' }).scrapeConfigs).toEqual([
      { job_name: 'j', params: { module: ['a', 'b'], x: ['y=z'] } },
    ]));

  test('of options nobody knows pass through with the type they look like', () =>
    expect(
      job({
        HONOR_TIMESTAMPS: 'false',
        LABEL_LIMIT: '30',
        BODY_SIZE_LIMIT: '10MB',
        HTTP_SD_CONFIGS_1__URL: 'http://sd',
        AUTHORIZATION__CREDENTIALS_FILE: '/run/secrets/x',
        SCRAPE_PROTOCOLS_2: 'b',
        SCRAPE_PROTOCOLS_1: 'a',
      }).scrapeConfigs,
    ).toEqual([
      {
        job_name: 'j',
        honor_timestamps: false,
        label_limit: 30,
        body_size_limit: '10MB',
        http_sd_configs: [{ url: 'http://sd' }],
        authorization: { credentials_file: '/run/secrets/x' },
        scrape_protocols: ['a', 'b'],
      },
    ]));
});

test('equal entries are written once, because Prometheus does not start with two of them', () => {
  const sections = sectionsOf({
    REMOTE_WRITE_1__URL: 'http://a',
    REMOTE_WRITE_2__URL: 'http://b',
    REMOTE_WRITE_3__URL: 'http://a',
    REMOTE_READ_1__URL: 'http://a',
    REMOTE_READ_2__URL: 'http://a',
    REMOTE_READ_2__READ_RECENT: 'true',
  });
  expect(sections.remoteWrite).toEqual([{ url: 'http://a' }, { url: 'http://b' }]);
  expect(sections.remoteRead).toHaveLength(2);
  expect(sections.problems).toEqual([
    { variable: 'REMOTE_WRITE_N', problem: expect.stringContaining('1 of 3') },
  ]);
});

test.each([
  ['X-Scope-OrgID=shop', { 'X-Scope-OrgID': 'shop' }],
  ['X-Trace= a=b, c', { 'X-Trace': ' a=b, c' }],
])('headers of remote write keep their letter case and their value: %s', (written, headers) => {
  const sections = sectionsOf({
    REMOTE_WRITE_1__URL: 'http://cortex/api/v1/push',
    REMOTE_WRITE_1__HEADERS_1: written,
    REMOTE_WRITE_1__HEADERS_2: 'X-Two=2',
    REMOTE_READ_1__URL: 'http://cortex/read',
    REMOTE_READ_1__HEADERS_1: written,
  });
  expect(sections).toMatchObject({
    remoteWrite: [{ url: 'http://cortex/api/v1/push', headers: { ...headers, 'X-Two': '2' } }],
    remoteRead: [{ url: 'http://cortex/read', headers }],
    problems: [],
  });
});

test('a header without a value is told with its variable and left out', () => {
  const { remoteWrite, problems } = sectionsOf({
    REMOTE_WRITE_1__URL: 'http://w',
    REMOTE_WRITE_1__HEADERS_1: 'X-Scope-OrgID: shop',
  });
  expect(remoteWrite).toEqual([{ url: 'http://w' }]);
  expect(problems).toEqual([
    { variable: 'REMOTE_WRITE_1__HEADERS_1', problem: 'is not of the form name=text' },
  ]);
});
