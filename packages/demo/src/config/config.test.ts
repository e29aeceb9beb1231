import { expect, test } from '@jest/globals';
import { readConfig } from './config.js';

test('nothing has to be set', () =>
  expect(readConfig({}, '/tmp/demo.sqlite')).toEqual({
    listen: { host: '0.0.0.0', port: 8080 },
    logLevel: 'info',
    serviceName: 'go-demo',
    database: { kind: 'sqlite', file: '/tmp/demo.sqlite' },
    pingIntervalMs: 1_000,
  }));

test('what is set counts', () =>
  expect(
    readConfig(
      {
        DF_LISTEN_ADDRESS: ':9000',
        LOG_LEVEL: 'debug',
        SERVICE_NAME: 'go-demo_main',
        DB: 'postgres://db/people',
        PING_INTERVAL: '0',
      },
      '/tmp/demo.sqlite',
    ),
  ).toEqual({
    listen: { host: '0.0.0.0', port: 9000 },
    logLevel: 'debug',
    serviceName: 'go-demo_main',
    database: { kind: 'postgres', url: 'postgres://db/people' },
    pingIntervalMs: 0,
  }));

test('all problems are told at once', () => {
  const read = () => readConfig({ DB: 'go-demo_db', PING_INTERVAL: 'often' }, '/tmp/demo.sqlite');
  expect(read).toThrow(/DB="go-demo_db" is not a database/);
  expect(read).toThrow(/PING_INTERVAL="often" is not a duration/);
});
