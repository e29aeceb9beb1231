import { expect, test } from '@jest/globals';
import { readConfig } from './config.js';

test('nothing has to be set', () =>
  expect(readConfig({})).toMatchObject({
    listen: { host: '0.0.0.0', port: 8080 },
    docker: { description: 'unix:///var/run/docker.sock' },
    rescheduleKey: 'RESCHEDULE_DATE',
  }));

test('what cannot be read is told', () =>
  expect(() => readConfig({ DOCKER_HOST: 'nonsense' })).toThrow(
    /The Docker endpoint "nonsense" cannot be read/,
  ));

test('values in quotes are read without them, and told', () =>
  expect(
    readConfig({ DOCKER_HOST: '"tcp://docker:2375"', RESCHEDULE_ENV_KEY: "'WHEN'", LOG_LEVEL: '"warn"' }),
  ).toMatchObject({
    docker: { description: 'http://docker:2375' },
    rescheduleKey: 'WHEN',
    logLevel: 'warn',
    warnings: ['LOG_LEVEL', 'DOCKER_HOST', 'RESCHEDULE_ENV_KEY'].map((name) =>
      expect.stringContaining(`${name} is in quotes`),
    ),
  }));
