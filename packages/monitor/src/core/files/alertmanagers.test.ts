import { expect, test } from '@jest/globals';
import { alertmanagersFromUrls } from './alertmanagers.js';

test('addresses share an entry when scheme, prefix and credentials agree', () => {
  const { entries } = alertmanagersFromUrls(
    'http://am1:9093, am2:9093,10.0.0.1:9093,https://am2,http://am3:9093/am/,,http://am4/am?x=1,[::1]:9093',
  );
  expect(entries).toEqual([
    {
      scheme: 'http',
      static_configs: [{ targets: ['am1:9093', 'am2:9093', '10.0.0.1:9093', '[::1]:9093'] }],
    },
    { scheme: 'https', static_configs: [{ targets: ['am2'] }] },
    { scheme: 'http', path_prefix: '/am', static_configs: [{ targets: ['am3:9093', 'am4'] }] },
  ]);
});

test('user info becomes basic auth, percent-decoded', () =>
  expect(alertmanagersFromUrls('http://me:p%40ss@am/').entries).toEqual([
    {
      scheme: 'http',
      basic_auth: { username: 'me', password: 'p@ss' },
      static_configs: [{ targets: ['am'] }],
    },
  ]));

test.each(['http://', 'http:///am', 'a b', '?', '//am'])('%j is not an address', (text) =>
  expect(alertmanagersFromUrls(text)).toEqual({ entries: [], unreadable: [text] }),
);

test('an address that cannot be read is told without its password', () =>
  expect(alertmanagersFromUrls('http://me:secret@').unreadable).toEqual(['http://***@']));
