import { expect, test } from '@jest/globals';
import { lintText } from '../../testing/lint-text.js';
import { stackOf } from '../../testing/run-command.js';

const ROUTE = ['com.df.servicePath=/a', 'com.df.port=80'];
const TCP = ['com.df.reqMode=tcp', 'com.df.srcPort=3306', 'com.df.port=3306'];
const AUTH = 'com.df.authUrl=http://authelia:9091/api/verify';

test.each([
  ['forward auth', [...ROUTE, AUTH, 'com.df.authResponseHeaders=Remote-User', 'com.df.authExcept=/open'], []],
  ['what would be open is refused', [...TCP, AUTH], ['DF701 com.df.authUrl']],
  ['and beside a template', [...ROUTE, AUTH, 'com.df.templateBePath=/x.tmpl'], ['DF701 com.df.authUrl']],
  ['a URL that is none', [...ROUTE, 'com.df.authUrl=authelia'], ['DF101 com.df.authUrl']],
  [
    'a page to sign in without a server',
    [...ROUTE, 'com.df.authSignin=https://a.test/'],
    ['DF702 com.df.authSignin'],
  ],
  ['users beside a server', [...ROUTE, AUTH, 'com.df.users=ann:pw'], ['DF104 com.df.users']],
  [
    'the server line',
    [...ROUTE, 'com.df.serverCa=backend-ca', 'com.df.serverName=a.test', 'com.df.maxConn=5'],
    [],
  ],
  ['a name without TLS', [...ROUTE, 'com.df.serverName=a.test'], ['DF702 com.df.serverName']],
  ['health checks', [...ROUTE, 'com.df.checkPath=/health', 'com.df.checkRise=1', 'com.df.retries=2'], []],
  ['health checks of http in tcp', [...TCP, 'com.df.checkPath=/health'], ['DF702 com.df.checkPath']],
  ['PROXY headers at an http entry', [...ROUTE, 'com.df.acceptProxy=true'], ['DF702 com.df.acceptProxy']],
  ['PROXY headers at a tcp entry', [...TCP, 'com.df.acceptProxy=true', 'com.df.sendProxy=v2'], []],
  ['a number out of range', [...ROUTE, 'com.df.checkInterval=9999'], ['DF101 com.df.checkInterval']],
])('%s', async (_, labels, expected) => {
  expect(await lintText(stackOf({ web: labels }))).toEqual(expected);
});
