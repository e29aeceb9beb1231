import { expect, test } from '@jest/globals';
import { withoutSecrets } from './without-secrets.js';

test('HAProxy finds paths and its own settings, and no password or token', () => {
  const environment = {
    PATH: '/usr/sbin',
    LANG: 'C',
    EXTRA_GLOBAL: 'maxconn 9',
    USERS: 'me:secret',
    USERS_FILE: '/run/secrets/users',
    STATS_PASS: 'secret',
    STATS_USER: 'me',
    API_TOKEN: 'secret',
    DFP_SERVICE_1_USERS: 'me:secret',
    MY_SECRET: 'secret',
  };
  expect(withoutSecrets(environment)).toEqual({ PATH: '/usr/sbin', LANG: 'C', EXTRA_GLOBAL: 'maxconn 9' });
});
