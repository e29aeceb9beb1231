import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { readConfig } from './config.js';

test('without any variable the defaults of the original’s image are in force', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    listen: { host: '0.0.0.0', port: 8080 },
    docker: { description: 'unix:///var/run/docker.sock' },
    prefix: '',
    alerts: { addresses: [], lifeMs: 10_000, atMin: false, atMax: true, nodesAtMin: false, nodesAtMax: true },
    reschedule: {
      filter: { label: 'com.df.reschedule', value: 'true' },
      intervalMs: 60_000,
      timeoutMs: 1_000_000,
    },
    nodes: { backend: '', awsEnvFile: '/run/secrets/aws' },
    stateFile: undefined,
  });
  expect(config.scaling.defaults).toMatchObject({
    min: { value: 1 },
    max: { value: 5 },
    upBy: { value: { size: 1 } },
  });
  expect(config.nodes.roles.manager.defaults).toMatchObject({ min: { value: 3 }, max: { value: 7 } });
  expect(config.nodes.roles.worker.defaults).toMatchObject({ min: { value: 0 }, max: { value: 5 } });
});

test.each([
  ['DEFAULT_MIN_REPLICAS', 'many'],
  ['DEFAULT_MIN_REPLICAS', ''],
  ['DEFAULT_MAX_REPLICAS', '-1'],
  ['ALERT_SCALE_MIN', 'yes'],
  ['ALERT_SCALE_MIN', ''],
  ['RESCHEDULE_TICKER_INTERVAL', '0'],
  ['ALERT_TIMEOUT', ''],
  ['SCALE_GROUP_WINDOW', 'soon'],
  ['RESCHEDULE_FILTER_LABEL', 'nokv'],
  ['RESCHEDULE_FILTER_LABEL', 'a=b=c'],
  ['SCALER_BASIC_AUTH', 'nocolon'],
  ['SLACK_WEBHOOK_URL', 'hooks.slack.com/services/T0/B0/x'],
])('%s=%j ends the program with a message that names the variable', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(name);
});

test('times are seconds or durations', () => {
  const read = (ALERT_TIMEOUT: string, SCALE_GROUP_WINDOW: string) => {
    const { alerts, scaling } = readConfig({ ALERT_TIMEOUT, SCALE_GROUP_WINDOW });
    return [alerts.lifeMs, scaling.groupWindowMs];
  };
  expect(read('60', '2')).toEqual([60_000, 2_000]);
  expect(read('1m', '2s')).toEqual([60_000, 2_000]);
});

test('a Docker endpoint that cannot be read ends the program as well', () => {
  expect(() => readConfig({ DOCKER_HOST: 'nonsense' })).toThrow(
    'The Docker endpoint "nonsense" cannot be read',
  );
});

test.each([
  ['/', ''],
  ['/scaler', '/scaler'],
  ['scaler/', '/scaler'],
  ['/a//b/', '/a/b'],
])('the prefix %s is %j', (text, prefix) => {
  expect(readConfig({ SERVER_PREFIX: text }).prefix).toBe(prefix);
});

test('several Alertmanagers, with or without slash and scheme', () => {
  const ALERTMANAGER_ADDRESS = 'http://a:9093/, https://b/prefix/,c:9093';
  expect(readConfig({ ALERTMANAGER_ADDRESS }).alerts.addresses).toEqual([
    'http://a:9093',
    'https://b/prefix',
    'http://c:9093',
  ]);
});

test('secrets come from files and are known as secrets', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'scaler-config-'));
  await writeFile(path.join(root, 'token'), 'from-a-file\n');
  const config = readConfig({
    SCALER_TOKEN_FILE: path.join(root, 'token'),
    SLACK_WEBHOOK_URL: 'https://hooks/x',
  });
  expect(config.access.token).toBe('from-a-file');
  expect(config.secrets).toEqual(['from-a-file', 'https://hooks/x']);
  await rm(root, { recursive: true });
});

test('DF_FS_ROOT stands before every path', () => {
  const config = readConfig({ DF_FS_ROOT: '/root/', SCALER_STATE_FILE: '/data/state.json' });
  expect([config.stateFile, config.nodes.awsEnvFile]).toEqual([
    '/root/data/state.json',
    '/root/run/secrets/aws',
  ]);
});

test('an empty file of a token ends the program instead of leaving everything open', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'scaler-secret-'));
  const file = path.join(directory, 'token');
  await writeFile(file, '\n');
  expect(() => readConfig({ SCALER_TOKEN_FILE: file })).toThrow(/ SCALER_TOKEN: .* is empty/);
  expect(readConfig({ SCALER_TOKEN: '' }).access.token).toBeUndefined();
  await rm(directory, { recursive: true });
});
