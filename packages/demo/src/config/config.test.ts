import path from 'node:path';
import { tmpdir } from 'node:os';
import { expect, test } from '@jest/globals';
import { readConfig } from './config.js';

test('nothing has to be set', () =>
  expect(readConfig({})).toEqual({
    listen: { host: '0.0.0.0', port: 8080 },
    logLevel: 'info',
    serviceName: 'go-demo',
    secrets: [],
    database: { kind: 'sqlite', file: path.join(tmpdir(), 'docker-flow-demo.sqlite') },
    pingIntervalMs: 1_000,
    shownVersion: undefined,
    errorShare: 0,
    warnings: [],
  }));

test('what is set counts', () =>
  expect(
    readConfig({
      DF_LISTEN_ADDRESS: ':9000',
      LOG_LEVEL: 'debug',
      SERVICE_NAME: 'go-demo_main',
      DB: 'postgres://me:pa%20ss@db/people',
      PING_INTERVAL: '0',
      VERSION: '2.0',
      ERROR_SHARE: '0.5',
    }),
  ).toEqual({
    listen: { host: '0.0.0.0', port: 9000 },
    logLevel: 'debug',
    serviceName: 'go-demo_main',
    secrets: ['pa%20ss', 'pa ss'],
    database: { kind: 'postgres', url: 'postgres://me:pa%20ss@db/people' },
    pingIntervalMs: 0,
    shownVersion: '2.0',
    errorShare: 0.5,
    warnings: [],
  }));

test('all problems are told at once', () => {
  const read = () =>
    readConfig({ DB: 'go-demo_db', DB_FILE: '/no/file', PING_INTERVAL: 'often', ERROR_SHARE: '2' });
  expect(read).toThrow(/DB and DB_FILE are both set/);
  expect(read).toThrow(/DB_FILE="\/no\/file" cannot be read/);
  expect(read).toThrow(/DB="go-demo_db" is not a database/);
  expect(read).toThrow(/PING_INTERVAL="often" is not a duration/);
  expect(read).toThrow(/ERROR_SHARE="2" is not a share/);
});

test('values in quotes are read without them, and told', () =>
  expect(readConfig({ VERSION: '"2.0"', PING_INTERVAL: "'0'" })).toMatchObject({
    shownVersion: '2.0',
    pingIntervalMs: 0,
    warnings: [
      expect.stringContaining('PING_INTERVAL is in quotes'),
      expect.stringContaining('VERSION is in quotes'),
    ],
  }));
