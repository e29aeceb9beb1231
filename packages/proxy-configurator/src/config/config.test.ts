import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readConfig } from './config.js';
import { readList } from './read-settings.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'config-'));
  mkdirSync(path.join(root, 'run/secrets'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function read(environment: Readonly<Record<string, string>> = {}, argv: readonly string[] = []) {
  return readConfig({ DF_FS_ROOT: root, ...environment }, argv);
}

function secret(name: string, content: string): void {
  writeFileSync(path.join(root, 'run/secrets', name), content);
}

test('without any variable it is the image of old', () => {
  const { settings, listen, serviceName, listeners } = read();
  expect(listen).toEqual({ host: '0.0.0.0', port: 8080 });
  expect([serviceName, listeners]).toEqual(['proxy', []]);
  expect(settings.defaultPorts.map(({ text }) => text)).toEqual(['80', '443:ssl']);
  expect(settings.labels).toEqual({
    separator: ',',
    acmeByDefault: false,
    checkResolvers: false,
    requestMode: 'http',
    httpsOnly: false,
    domainAlgo: 'hdr_beg(host)',
    normalizePaths: true,
  });
  expect([settings.labels.domainAlgo, settings.connectionMode, settings.http2]).toEqual([
    'hdr_beg(host)',
    'http-keep-alive',
    true,
  ]);
  expect(settings.statistics).toBeUndefined();
});

describe('a secret dfp_…', () => {
  test('wins over its variable, whichever that is, without its line ends', () => {
    secret('dfp_timeout_server', '77\n\n');
    secret('dfp_service_domain_algo', 'hdr(host)\n');
    const { settings } = read({ TIMEOUT_SERVER: '5' });
    expect([settings.timeouts.server, settings.labels.domainAlgo]).toEqual(['77', 'hdr(host)']);
  });

  test('dfp_users is the global users, dfp_users_team those of a service', () => {
    secret('dfp_users', 'a:1,b:2');
    secret('dfp_users_team', 'c:3');
    expect(read({ USERS: 'x:9' }).settings.users.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

test('passwords and tokens are kept out of the log', () => {
  const { secrets } = read({
    USERS: 'a:secret1',
    API_TOKEN: 'secret2',
    STATS_USER: 'me',
    STATS_PASS: 'secret3',
  });
  expect([...secrets].sort()).toEqual(['secret1', 'secret2', 'secret3']);
});

test('flags of the command line win over variables', () => {
  const argv = ['server', '-i', '127.0.0.1', '--port', '9090', '-n', 'edge', '-c', '/x', '-t', '/t'];
  const config = read({ PORT: '1', SERVICE_NAME: 'other' }, argv);
  expect([config.listen, config.serviceName]).toEqual([{ host: '127.0.0.1', port: 9090 }, 'edge']);
  expect([config.files.config, config.templatesPath]).toEqual(['/x/haproxy.cfg', '/t']);
});

test('DF_LISTEN_ADDRESS wins over IP and PORT', () => {
  expect(read({ DF_LISTEN_ADDRESS: ':7000', PORT: '1' }).listen.port).toBe(7000);
});

describe('statistics', () => {
  test.each([
    [{ STATS_USER: 'a' }, undefined],
    [{ STATS_PASS: 'b' }, undefined],
    [
      { STATS_USER: 'a', STATS_PASS: 'b', STATS_PORT: '80' },
      { uri: '/admin?stats', port: undefined },
    ],
    [
      { STATS_USER: 'a', STATS_PASS: 'b', STATS_PORT: '8081', STATS_URI: '/s' },
      { uri: '/s', port: 8081 },
    ],
    [
      { STATS_USER: 'a', STATS_PASS: 'b', STATS_PORT: '8081', BIND_PORTS: '8081' },
      { uri: '/admin?stats', port: undefined },
    ],
    [{ STATS_USER_ENV: 'U', U: 'a', STATS_PASS: 'b' }, { credentials: { user: 'a', password: 'b' } }],
    [{ STATS_USER: 'NONE', STATS_PASS: 'none' }, { credentials: undefined }],
  ])('%j', (environment, expected) => {
    const { statistics } = read(environment).settings;
    expect({ statistics }).toMatchObject({ statistics: expected });
  });
});

test('ports know their number, and keep their options', () => {
  const { settings } = read({ DEFAULT_PORTS: '80 accept-proxy, 443 accept-proxy:ssl', BIND_PORTS: '${X}' });
  expect(settings.defaultPorts).toEqual([
    { text: '80 accept-proxy', port: 80 },
    { text: '443 accept-proxy:ssl', port: 443 },
  ]);
  expect(settings.bindPorts[0]?.port).toBeUndefined();
});

test('captured headers without a length are left out', () => {
  expect(read({ CAPTURE_REQUEST_HEADER: 'X-A:64,X-B,X-C:y' }).settings.captureRequestHeaders).toEqual([
    { name: 'X-A', length: '64' },
  ]);
});

test('all unreadable variables are named at once', () => {
  expect(() => read({ TIMEOUT_SERVER: 'soon', ALLOW_RAW_LABELS: 'maybe', ACCESS_LOG: 'xml' })).toThrow(
    /(?=[\s\S]*TIMEOUT_SERVER)(?=[\s\S]*ALLOW_RAW_LABELS)(?=[\s\S]*ACCESS_LOG)/,
  );
});

test('what never kept the original from starting is left out with a word about it', () => {
  const odd = { HTTPS_ONLY: 'yes', CHECK_RESOLVERS: 'maybe', STATS_PORT: 'x', CAPTURE_REQUEST_HEADER: 'X-A' };
  const { warnings, settings } = read({ ...odd, ENABLE_H2: 'on', RELOAD_INTERVAL: '5s' });
  expect([settings.labels.httpsOnly, settings.checkResolvers, settings.http2]).toEqual([false, false, false]);
  expect(warnings.map((one) => one.split('=')[0])).toEqual([
    ...[
      'HTTPS_ONLY',
      'CHECK_RESOLVERS',
      'ENABLE_H2',
      'RELOAD_INTERVAL',
      'STATS_PORT',
      'CAPTURE_REQUEST_HEADER',
    ],
  ]);
  expect(warnings[0]).toBe('HTTPS_ONLY="yes" cannot be read and is left out; expected true or false');
});

test('readable values are not complained about', () => {
  const good = { HTTPS_ONLY: 'T', ENABLE_H2: 'FALSE', CAPTURE_REQUEST_HEADER: 'X-A:10, X-B:20', DEBUG: '' };
  expect(read({ ...good, DEFAULT_REQ_MODE: 'TCP', STATS_PORT: '81' }).warnings).toEqual([]);
});

test('DEBUG has its own lines and wins over the access log', () => {
  expect(read({ ACCESS_LOG: 'json', ACCESS_LOG_SAMPLE: '10' }).settings.accessLog).toEqual({ oneOf: 10 });
  expect(read({ ACCESS_LOG: 'json', DEBUG: 'true' }).settings.accessLog).toBeUndefined();
});

test.each([
  ['', undefined],
  ['/cfg/tmpl/haproxy.tmpl', undefined],
  ['mine.tmpl', '/t/mine.tmpl'],
  ['/x/mine.tmpl', '/x/mine.tmpl'],
])('the main template %j is at %s', (named, file) => {
  expect(read({ CFG_TEMPLATE_PATH: named }, ['-t', '/t']).mainTemplate).toBe(file);
});

test('commas in brackets and quotes part no items', () => {
  const { settings } = read({
    EXTRA_FRONTEND:
      'http-request set-src hdr_ip(X-Forwarded-For,-2),acl a path_reg ^/v[0-9]{1,2}/,acl b str "x,y"',
  });
  expect(settings.extraFrontend).toEqual([
    'http-request set-src hdr_ip(X-Forwarded-For,-2)',
    'acl a path_reg ^/v[0-9]{1,2}/',
    'acl b str "x,y"',
  ]);
});

test('items of a list are trimmed, empty ones dropped', () => {
  expect(readList(' a, ,b,')).toEqual(['a', 'b']);
});

test('trusted proxies are networks and a depth; anything else ends the start, all told at once', () => {
  expect(read({}).settings.trustedProxies).toBeUndefined();
  expect(read({ TRUSTED_PROXIES: '10.0.0.0/8, ::1' }).settings.trustedProxies).toEqual({
    networks: ['10.0.0.0/8', '::1'],
    depth: 5,
  });
  expect(() => read({ TRUSTED_PROXIES: '10.0.0.0/99', TRUSTED_PROXY_DEPTH: '21' })).toThrow(
    /TRUSTED_PROXIES[\s\S]*TRUSTED_PROXY_DEPTH/,
  );
});

test.each([
  ['scaler', { host: 'scaler', port: 8080, tls: false, path: '' }],
  ['scaler:9000', { host: 'scaler', port: 9000, tls: false, path: '' }],
  ['http://scaler', { host: 'scaler', port: 80, tls: false, path: '' }],
  ['https://Acme.com/scaler/', { host: 'acme.com', port: 443, tls: true, path: '/scaler' }],
  ['http://[fd00::1]:81', { host: 'fd00::1', port: 81, tls: false, path: '' }],
])('SCALER_ADDRESS=%s', (address, scaler) => {
  const config = read({ SCALER_ADDRESS: address, SCALER_TOKEN: 'sesame' });
  expect([config.settings.scaler, config.scalerToken, config.secrets]).toEqual([
    scaler,
    'sesame',
    ['sesame'],
  ]);
  expect(config.haproxyEnvironment['SCALER_TOKEN']).toBeUndefined();
});

test.each(['a b', 'http://u:p@scaler', 'scaler:99999', 'http://scaler/?x=1', 'ftp://scaler'])(
  'SCALER_ADDRESS=%s ends the start, named with the others',
  (address) => {
    expect(() => read({ SCALER_ADDRESS: address, SCALER_TOKEN: 'two words', WAKE_MAX_WAITING: '0' })).toThrow(
      /(?=[\s\S]*SCALER_ADDRESS)(?=[\s\S]*SCALER_TOKEN)(?=[\s\S]*WAKE_MAX_WAITING)/,
    );
  },
);
