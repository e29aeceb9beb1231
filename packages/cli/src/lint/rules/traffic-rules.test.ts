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

const CANARY = ['com.df.canaryOf=shop_web', 'com.df.port=80'];

test.each([
  ['a canary', { web: ROUTE, next: [...CANARY, 'com.df.canaryWeight=5'] }, []],
  [
    'a path of its own',
    { web: ROUTE, next: [...CANARY, 'com.df.servicePath=/a'] },
    ['DF702 com.df.servicePath'],
  ],
  ['a password of its own', { web: ROUTE, next: [...CANARY, 'com.df.users=a:b'] }, ['DF702 com.df.users']],
  [
    'a weight out of range',
    { web: ROUTE, next: [...CANARY, 'com.df.canaryWeight=101'] },
    ['DF101 com.df.canaryWeight'],
  ],
  ['a weight of no canary', { web: [...ROUTE, 'com.df.canaryWeight=5'] }, ['DF702 com.df.canaryWeight']],
  ['a canary without port', { web: ROUTE, next: ['com.df.canaryOf=shop_web'] }, ['DF202 com.df.canaryOf']],
  ['of itself', { web: [...ROUTE, 'com.df.canaryOf=shop_web'] }, ['DF701 com.df.canaryOf']],
  [
    'of a canary',
    { web: ROUTE, next: CANARY, third: ['com.df.canaryOf=shop_next', 'com.df.port=80'] },
    ['DF703 com.df.canaryOf'],
  ],
  ['a second one', { web: ROUTE, next: CANARY, third: CANARY }, ['DF703 com.df.canaryOf']],
  ['of a service in another stack', { next: CANARY }, []],
  ['waking', { web: [...ROUTE, 'com.df.wakeOnRequest=true', 'com.df.wakeWait=60'] }, []],
  ['a wait without waking', { web: [...ROUTE, 'com.df.wakeWait=60'] }, ['DF702 com.df.wakeWait']],
  ['waking of bytes', { web: [...TCP, 'com.df.wakeOnRequest=true'] }, ['DF702 com.df.wakeOnRequest']],
])('versions and waking: %s', async (_, services, expected) => {
  expect(await lintText(stackOf(services))).toEqual(expected);
});
