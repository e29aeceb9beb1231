import { expect, test } from '@jest/globals';
import { composeFiles } from '../../testing/world.js';

function isSecret(environment: Record<string, string>): boolean | undefined {
  return composeFiles({ environment }).rendered.isSecret;
}

test.each([
  { ARG_ALERTMANAGER_URL: 'http://me:pw@am:9093' },
  { REMOTE_WRITE_1__URL: 'http://me:pw@store/write' },
  { REMOTE_WRITE_1__URL: 'http://store/write', REMOTE_WRITE_1__BEARER_TOKEN: 'x' },
  { REMOTE_WRITE_1__URL: 'http://store/write', REMOTE_WRITE_1__HEADERS_1: 'Authorization=Basic x' },
  { SCRAPE_CONFIGS_1__JOB_NAME: 'x', SCRAPE_CONFIGS_1__AUTHORIZATION__CREDENTIALS: 'x' },
])('a configuration with passwords is a secret: %j', (environment: Record<string, string>) =>
  expect(isSecret(environment)).toBe(true),
);

test.each([
  { ARG_ALERTMANAGER_URL: 'http://am:9093' },
  { SCRAPE_CONFIGS_1__JOB_NAME: 'x', SCRAPE_CONFIGS_1__AUTHORIZATION__CREDENTIALS_FILE: '/x' },
])('one with names of files is none: %j', (environment: Record<string, string>) =>
  expect(isSecret(environment)).toBe(false),
);
