import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readConfig } from './config.js';

const directory = mkdtempSync(path.join(tmpdir(), 'listener-config-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('without any variable it works as the published image did', () => {
  expect(readConfig({})).toMatchObject({
    docker: { description: 'unix:///var/run/docker.sock' },
    services: { create: [], remove: [] },
    nodes: { create: [], remove: [] },
    retries: 50,
    retryIntervalMs: 5_000,
    requestTimeoutMs: 30_000,
    servicePollingMs: 0,
    nodePollingMs: 0,
    taskPollingMs: 10_000,
    serviceEvents: true,
    nodeEvents: true,
    stateFile: undefined,
    listen: { host: '0.0.0.0', port: 8080 },
    rules: {
      waitFor: 'scrapeNetwork',
      immediately: false,
      nodeInfo: 'off',
      namePrefix: '',
      convergenceTimeoutMs: 0,
    },
    warnings: [],
  });
});

test('everything that cannot be read is named at once', () => {
  const environment = {
    DF_DOCKER_HOST: 'nonsense',
    DF_RETRY: 'many',
    DF_RETRY_INTERVAL: '5 apples',
    DF_WAIT_FOR_CONVERGENCE: 'sometimes',
    DF_NOTIFY_CREATE_NODE_METHOD: 'GET, P OST',
    DF_LISTEN_ADDRESS: 'here',
    DF_NOTIFY_CREATE_SERVICE_URL_FILE: '/nowhere/at/all',
  };
  const names = Object.keys(environment).map((name) => (name === 'DF_DOCKER_HOST' ? 'nonsense' : name));
  let message = '';
  try {
    readConfig(environment);
  } catch (error) {
    message = String(error);
  }
  for (const name of names) expect(message).toContain(name);
});

test('times are numbers of seconds, or durations as the other programs take them', () => {
  const config = readConfig({
    DF_RESYNC_INTERVAL: '1m30s',
    DF_RETRY_INTERVAL: '7',
    DF_REQUEST_TIMEOUT: '500ms',
    DF_SERVICE_POLLING_INTERVAL: '-1',
  });
  expect(config).toMatchObject({
    resyncMs: 90_000,
    retryIntervalMs: 7_000,
    requestTimeoutMs: 500,
    servicePollingMs: 0,
  });
  expect(() => readConfig({ DF_RESYNC_INTERVAL: '1y' })).toThrow('DF_RESYNC_INTERVAL');
});

test('variables in quotes are read without them, with a warning', () => {
  const config = readConfig({
    DF_RETRY: '"3"',
    DF_NOTIFY_LABEL: "'com.acme.notify'",
    DF_USE_DOCKER_NODE_EVENTS: '"false"',
  });
  expect(config).toMatchObject({
    retries: 3,
    rules: { notify: { key: 'com.acme.notify' } },
    nodeEvents: false,
  });
  expect(config.warnings).toHaveLength(3);
});

test('a receiver that cannot be used is named with its variable, and the others work', () => {
  const { services, warnings } = readConfig({
    DF_NOTIFY_CREATE_SERVICE_URL: 'http://a/x, nonsense ,http://b/y',
    DF_NOTIFY_CREATE_SERVICE_METHOD: 'GET, PUT, POST',
  });
  expect(services.create.map(({ url, method }) => `${method} ${url}`)).toEqual([
    'GET http://a/x',
    'POST http://b/y',
  ]);
  expect(warnings).toEqual([
    'DF_NOTIFY_CREATE_SERVICE_URL="nonsense" is not the address of a receiver; expected http://host:port/path',
  ]);
});

test('a boolean that is none is named and counts as the original took it', () => {
  const { rules, serviceEvents, warnings } = readConfig({
    DF_INCLUDE_NODE_IP_INFO: 'T',
    DF_NODE_IP_INFO_INCLUDES_TASK_ADDRESS: 'maybe',
    DF_USE_DOCKER_SERVICE_EVENTS: 'maybe',
  });
  expect(rules.nodeInfo).toBe('with addresses');
  expect(serviceEvents).toBe(false);
  expect(warnings).toEqual([
    'DF_NODE_IP_INFO_INCLUDES_TASK_ADDRESS="maybe" is not a boolean and counts as true; expected true or false',
    'DF_USE_DOCKER_SERVICE_EVENTS="maybe" is not a boolean and counts as false; expected true or false',
  ]);
});

const hosts = (receivers: readonly { readonly host: string }[]) =>
  receivers.map(({ host }) => host).join(' ');

test.each([
  [{ DF_NOTIFICATION_URL: 'http://old/' }, 'old', 'old'],
  [{ DF_NOTIFICATION_URL: 'http://old/', DF_NOTIFY_CREATE_SERVICE_URL: 'http://new/' }, 'new', 'old'],
  [
    { DF_NOTIF_CREATE_SERVICE_URL: 'http://older/', DF_NOTIFY_CREATE_SERVICE_URL: 'http://new/' },
    'older',
    '',
  ],
  [{ DF_NOTIF_CREATE_SERVICE_URL: '', DF_NOTIFY_CREATE_SERVICE_URL: 'http://new/' }, 'new', ''],
])('of old and new names %j the right ones win', (environment, create, remove) => {
  const { services } = readConfig(environment);
  expect([hosts(services.create), hosts(services.remove)]).toEqual([create, remove]);
});

test('secret files add receivers behind those of the environment, and methods are counted over both', () => {
  writeFileSync(path.join(directory, 'df_notify_create_service_url'), ' http://secret/ \n');
  writeFileSync(path.join(directory, 'df_notify_remove_node_url'), 'http://only/');
  const { services, nodes } = readConfig({
    DF_SECRETS_DIR: directory,
    DF_NOTIFY_CREATE_SERVICE_URL: 'http://open/',
    DF_NOTIFY_CREATE_SERVICE_METHOD: 'GET,POST',
    DF_NOTIFY_REMOVE_NODE_METHOD: 'DELETE',
  });
  expect(services.create.map(({ host, method }) => `${method} ${host}`)).toEqual(['GET open', 'POST secret']);
  expect(nodes.remove.map(({ host, method }) => `${method} ${host}`)).toEqual(['DELETE only']);
});

test('an interval of 0 or less is off', () => {
  const { resyncMs, servicePollingMs, requestTimeoutMs } = readConfig({
    DF_RESYNC_INTERVAL: '-1',
    DF_SERVICE_POLLING_INTERVAL: '7',
    DF_REQUEST_TIMEOUT: '0',
  });
  expect([resyncMs, servicePollingMs, requestTimeoutMs]).toEqual([0, 7_000, 0]);
});

test('tokens of our programs are shown to their receivers, and to nobody else', () => {
  const { services, secrets } = readConfig({
    PROXY_API_TOKEN: 'for-proxy',
    MONITOR_API_TOKEN: 'for-monitor',
    DF_NOTIFY_CREATE_SERVICE_URL: [
      'http://proxy:8080/v1/docker-flow-proxy/reconfigure',
      'http://monitor:8080/v1/docker-flow-monitor/reconfigure',
      'http://stranger:8080/v1/docker-flow-proxy-x/reconfigure',
      'http://stranger:8080/?next=/v1/docker-flow-proxy/reconfigure',
      'http://me:own@proxy:8080/v1/docker-flow-proxy/reconfigure',
    ].join(','),
  });
  expect(services.create.map(({ authorization }) => authorization)).toEqual([
    'Bearer for-proxy',
    'Bearer for-monitor',
    undefined,
    undefined,
    `Basic ${btoa('me:own')}`,
  ]);
  expect(secrets).toEqual(['for-proxy', 'for-monitor']);
});

test('the token of the API comes from the environment, a file or a Swarm secret, and an empty file is a problem', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'listener-token-'));
  const file = path.join(directory, 'api_token');
  try {
    expect(readConfig({ DF_SECRETS_DIR: directory }).apiToken).toBeUndefined();
    expect(readConfig({ API_TOKEN: 'one' })).toMatchObject({ apiToken: 'one', secrets: ['one'] });
    writeFileSync(file, 'two\n');
    expect(readConfig({ API_TOKEN_FILE: file }).apiToken).toBe('two');
    expect(readConfig({ DF_SECRETS_DIR: directory }).apiToken).toBe('two');
    writeFileSync(file, '\n');
    expect(() => readConfig({ DF_SECRETS_DIR: directory })).toThrow('API_TOKEN');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
