import { expect, test } from '@jest/globals';
import { parseProxyLabels } from '@docker-flow/labels';
import { GLOBAL_USERLIST, LOCKED, askForPassword, userlist, userlistName } from './authentication.js';
import type { User } from '../model/settings.js';
import { renderLines } from '../../testing/render-lines.js';

const me: User = { name: 'me', password: 'secret', encrypted: false };
const { service } = parseProxyLabels(
  { serviceName: 'web', servicePath: '/', port: '80' },
  { separator: ',', requestMode: 'http', httpsOnly: false, domainAlgo: 'hdr_beg(host)' },
);

function ask(users: readonly User[] | undefined, globalUsers: readonly User[]): string {
  const routed = { service, users, frontendSnippet: undefined, backendSnippet: undefined };
  return renderLines(askForPassword(routed, globalUsers));
}

test('users of a service replace the global ones', () => {
  expect(ask([me], [me])).toContain('http_auth(webUsers)');
  expect(ask([me], [me])).not.toContain('defaultUsers');
  expect(ask(undefined, [me])).toContain(
    'http-request auth realm defaultRealm if !{ http_auth(defaultUsers) }',
  );
});

test('the password is taken out of the request exactly where it was asked for', () => {
  expect(ask(undefined, [me])).toContain('del-header Authorization');
  expect(ask(undefined, [])).toBe('');
});

test('of two users with one name the first counts; HAProxy would refuse the second', () => {
  const { lines } = userlist('webUsers', [me, { ...me, password: 'other' }]);
  expect(renderLines(lines)).toBe('    user me insecure-password secret\n');
});

test('encrypted passwords are told from plain ones', () => {
  const { lines } = userlist('webUsers', [{ ...me, password: '$6$x$y', encrypted: true }]);
  expect(renderLines(lines)).toBe("    user me password '$6$x$y'\n");
});

test('the lock is a hash that no password has', () => {
  expect(LOCKED[0]).toMatchObject({
    encrypted: true,
    password: expect.stringMatching(/^\$6\$[^$]+\$\.{86}$/),
  });
});

test('a service called default has no users in common with all the others', () => {
  expect(userlistName('default')).not.toBe(GLOBAL_USERLIST);
  expect(userlistName('web')).toBe('webUsers');
});
