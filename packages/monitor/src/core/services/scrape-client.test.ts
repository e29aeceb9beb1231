import { expect, test } from '@jest/globals';
import { recordSettings } from '../../testing/world.js';
import { buildServiceRecord } from './service-record.js';
import type { ScrapeSecrets } from './scrape-client.js';
import { scrapeConfigOf } from './service-scrape.js';

const SECRETS = new Map([
  ['dfm_users_shop', 'joe:pass:word\n'],
  ['dfm_users_broken', 'joe'],
  ['dfm_bearer_shop', 'token'],
  ['dfm_ca_own', 'PEM'],
]);

function scrape(labels: Record<string, string>, secrets: ScrapeSecrets = SECRETS) {
  const parameters = { serviceName: 's', scrapePort: '1', ...labels };
  const record = buildServiceRecord(parameters, { ...recordSettings(), secrets });
  const { job_name, metrics_path, dns_sd_configs, ...client } = scrapeConfigOf(record.scrape!);
  return {
    client: JSON.parse(JSON.stringify(client)) as unknown,
    told: record.warnings.map(({ label }) => label),
    isThere: job_name === 's' && metrics_path === '/metrics' && dns_sd_configs !== undefined,
  };
}

test.each([
  [{ scrapeScheme: 'https' }, { scheme: 'https' }],
  [{ scrapeScheme: 'http' }, {}],
  [{ scrapeUsersSecret: 'shop' }, { basic_auth: { username: 'joe', password: 'pass:word' } }],
  [{ scrapeBearerSecret: 'shop' }, { authorization: { credentials_file: '/run/secrets/dfm_bearer_shop' } }],
  [
    { scrapeScheme: 'https', scrapeCaSecret: 'own', scrapeServerName: 'a.test', scrapeSkipVerify: 'true' },
    {
      scheme: 'https',
      tls_config: { ca_file: '/run/secrets/dfm_ca_own', server_name: 'a.test', insecure_skip_verify: true },
    },
  ],
])('%j', (labels: Record<string, string>, client) =>
  expect(scrape(labels)).toEqual({ client, told: [], isThere: true }),
);

test.each([
  [{ scrapeScheme: 'ftp' }, ['scrapeScheme']],
  [{ scrapeUsersSecret: 'nobody' }, ['scrapeUsersSecret']],
  [{ scrapeUsersSecret: 'broken' }, ['scrapeUsersSecret']],
  [{ scrapeBearerSecret: '../api_token' }, ['scrapeBearerSecret']],
  [{ scrapeServerName: 'a.test', scrapeSkipVerify: 'true' }, ['scrapeServerName', 'scrapeSkipVerify']],
])('%j costs nothing but itself, and is told', (labels: Record<string, string>, told) =>
  expect(scrape(labels)).toEqual({ client: {}, told, isThere: true }),
);

test('a bearer token wins over a user, as Prometheus takes only one', () => {
  expect(scrape({ scrapeUsersSecret: 'shop', scrapeBearerSecret: 'shop' })).toMatchObject({
    client: { authorization: {} },
    told: ['scrapeUsersSecret'],
  });
});
