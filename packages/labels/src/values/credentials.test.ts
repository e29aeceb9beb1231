import { expect, test } from '@jest/globals';
import { withoutCredentials } from './credentials.js';

test.each([
  ['http://ann:secret@sso/', 'http://***@sso/'],
  ['1https://secret@sso/', '1https://***@sso/'],
  ['tcp://a:b@c,http://d:e@f', 'tcp://***@c,http://***@f'],
  ['http://sso/?a=1&api-token=x&b=2', 'http://sso/?a=1&api-token=***&b=2'],
  ['http://sso/path@2', 'http://sso/path@2'],
  ['ann@example.com', 'ann@example.com'],
])('%s is shown as %s', (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});
