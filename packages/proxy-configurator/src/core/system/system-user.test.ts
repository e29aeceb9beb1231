import { expect, test } from '@jest/globals';
import { findUser } from './system-user.js';

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nhaproxy:x:99:98::/:/bin/false\nlost:x:1:77::/:/bin/false\n';
const GROUP = 'root:x:0:\nproxies:x:98:\n';

test('a user is found with its group', () => {
  expect(findUser('haproxy', PASSWD, GROUP)).toEqual({
    name: 'haproxy',
    uid: 99,
    gid: 98,
    group: 'proxies',
  });
});

test.each([
  ['none', PASSWD, GROUP],
  ['lost', PASSWD, GROUP],
  ['haproxy', '', ''],
  ['haproxy', 'haproxy', 'x'],
])('%s is not there', (name, passwd, group) => {
  expect(findUser(name, passwd, group)).toBeUndefined();
});
