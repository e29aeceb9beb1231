import { describe, expect, test } from '@jest/globals';
import { judgeRequest } from './guarded-request.js';

const EVENTS = `/events?filters=${encodeURIComponent('{"type":["service"]}')}`;

function judge(method: string, target: string, headers: Record<string, string> = {}) {
  return judgeRequest({ method, target, headers });
}

test.each([
  ['GET', '/version'],
  ['GET', '/_ping'],
  ['GET', '/v1.44/info'],
  ['GET', '/v1.44/services?status=true&filters=%7B%7D'],
  ['GET', '/services/go-demo_main?insertDefaults=false'],
  ['GET', '/v1.51/services/a.b'],
  ['GET', '/tasks?filters=%7B%22service%22%3A%5B%22a%22%5D%7D'],
  ['GET', '/nodes?filters=x'],
  ['GET', '/nodes/abc'],
  ['GET', EVENTS],
  ['GET', `/v1.44${EVENTS}&since=1&until=2`],
  ['POST', '/v1.44/services/web/update?version=7&registryAuthFrom=spec'],
  ['POST', '/services/web/update?version=18446744073709551615'],
])('%s %s is allowed', (method, target) => {
  expect(judge(method, target)).toMatchObject({ allowed: true });
});

test('an update says which service and version it is for', () => {
  expect(judge('POST', '/v1.44/services/web/update?version=7')).toEqual({
    allowed: true,
    request: { kind: 'update', prefix: '/v1.44', service: 'web', version: '7' },
  });
});

describe('everything else is rejected:', () => {
  test.each(['PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'CONNECT', 'TRACE', 'get', 'PRI'])(
    'method %s',
    (method) => expect(judge(method, '/services')).toMatchObject({ allowed: false }),
  );

  test.each([
    ...[
      '/',
      '',
      '*',
      'services',
      '//services',
      '/services/',
      '/services//web',
      '/Services',
      '/containers/json',
    ],
    ...['/services/web/logs', '/tasks/a', '/tasks/a/logs', '/secrets', '/configs', '/configs/a', '/swarm'],
    ...[
      '/images/json',
      '/exec/a/json',
      '/system/df',
      '/plugins',
      '/networks',
      '/volumes',
      '/swarm/unlockkey',
    ],
    // Other ways to write paths.
    ...[
      '/services/..',
      '/services/../secrets',
      '/v1.44/../secrets',
      '/services/%2e%2e/secrets',
      '/./services',
    ],
    ...[
      '/services/.',
      '/services/web%2flogs',
      '/%73ervices',
      '/services/web%00',
      '/services\\web',
      '/ser vices',
    ],
    ...[
      '/v1.44/v1.44/services',
      '/v1/services',
      '/v1.44.1/services',
      '/V1.44/services',
      '/v1.44',
      '/v1.44services',
    ],
    ...[
      'http://docker/services',
      'http://docker/v1.44/secrets',
      '/services#x',
      '/services;x',
      '/services/web;x',
    ],
    ...['/services/ü', '/services\n', '/services?a\u0000', '/services/-web', `/services/web?filters=\u00e4`],
    // Queries.
    ...[
      '/services?filters=a&filters=b',
      '/services?status=true&status=false',
      '/services?other=1',
      '/services?x;y',
    ],
    ...['/services?Filters=a', '/version?x', '/services/web?status=true', '/info?x=1', '/nodes/a?filters=x'],
    ...['/services?filters=a&%66ilters=b', '/services?filters[]=a', '/services/web?insertDefaults=a;b=c'],
    // Events of containers tell what people execute in them.
    ...['/events', '/events?filters=', '/events?filters=%7B%7D', '/events?filters=x', '/events?since=0'],
    ...['["container"]', '["service","container"]', '[]', '"service"', '{"service":true}', 'null'].map(
      (type) => `/events?filters=${encodeURIComponent(`{"type":${type}}`)}`,
    ),
  ])('GET %j', (target) => expect(judge('GET', target)).toMatchObject({ allowed: false }));

  test.each([
    ...['/services/create', '/services/web', '/services/update', '/services', '/services/web/rollback'],
    ...[
      '/services/web/update/',
      '/services/web/update',
      '/services/web/update?version=',
      '/nodes/a/update?version=7',
    ],
    ...[
      '/services/web/update?version=0',
      '/services/web/update?version=-1',
      '/services/web/update?version=None',
    ],
    ...[
      '/services/web/update?version=7.0',
      '/services/web/update?version=0x7',
      '/services/web/update?version=07',
    ],
    ...[
      '/services/web/update?version=%207',
      '/services/web/update?version=7&version=8',
      '/services/web/update?Version=7',
    ],
    ...[
      '/services/web/update?version=7&rollback=previous',
      '/services/web/update?version=7&registryAuthFrom=previous-spec',
    ],
    ...[
      '/services/../containers/create?version=7',
      '/services/%2e%2e/update?version=7',
      '/containers/a/exec',
    ],
    ...[
      '/services/a/b/update?version=7',
      '/v1.44/../services/web/update?version=7',
      '/swarm/update?version=7',
    ],
    ...[
      '/secrets/create',
      '/configs/create',
      '/containers/create',
      '/images/create?fromImage=x',
      '/build',
      '/auth',
    ],
    ...[
      '/exec/a/start',
      '/session',
      '/grpc',
      '/plugins/pull?remote=x',
      '/swarm/leave?force=1',
      '/containers/prune',
    ],
    ...['/services?x', '/info', '/events', '/version', '/services/web/update?version=123456789012345678901'],
  ])('POST %j', (target) => expect(judge('POST', target)).toMatchObject({ allowed: false }));

  test.each([
    [{ upgrade: 'tcp', connection: 'Upgrade' }],
    [{ upgrade: 'h2c' }],
    [{ 'content-length': '2' }],
    [{ 'transfer-encoding': 'chunked' }],
  ])('GET with headers %j', (headers) =>
    expect(judge('GET', '/services', headers)).toMatchObject({ allowed: false }),
  );
});
