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
