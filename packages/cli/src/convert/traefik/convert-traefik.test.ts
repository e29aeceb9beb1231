import { describe, expect, test } from '@jest/globals';
import type { WrittenLabel } from '../conversion.js';
import { convertTraefik } from './convert-traefik.js';

const HOST = 'http.routers.web.rule=Host(`a.com`)';
const PORT = 'http.services.web.loadbalancer.server.port=8080';

function written(labels: readonly string[]): readonly WrittenLabel[] {
  return labels.map((label) => {
    const cut = label.indexOf('=');
    return { name: `traefik.${label.slice(0, cut)}`, text: label.slice(cut + 1) };
  });
}

/** What becomes of labels (without `traefik.`), but for `notify`. */
function convert(labels: readonly string[], entryPoints: Readonly<Record<string, number>> = {}) {
  const conversion = convertTraefik(written(labels), { entryPoints: new Map(Object.entries(entryPoints)) });
  return {
    labels: conversion?.labels
      .map(([name, text]) => `${name}=${text}`)
      .filter((one) => one !== 'notify=true'),
    left: conversion?.left.map(({ label }) => label.replace(/^traefik\./, '')),
  };
}

const ROUTE = ['serviceDomain=a.com', 'port=8080'];

describe('rules:', () => {
  test.each([
    ['Host(`a.com`)', ['serviceDomain=a.com']],
    ['Host(`a.com`) || Host(`b.com`)', ['serviceDomain=a.com,b.com']],
    ['Host(`a.com`, `b.com`)', ['serviceDomain=a.com,b.com']],
    ['(Host(`a.com`)||Host(`b.com`)) && PathPrefix(`/x`)', ['serviceDomain=a.com,b.com', 'servicePath=/x']],
    ['PathPrefix(`/x`) || PathPrefix(`/y`)', ['servicePath=/x,/y']],
    ['Path(`/x`)', ['servicePath=/x', 'pathType=path']],
    ['PathRegexp(`^/x[0-9]`)', ['servicePath=^/x[0-9]', 'pathType=path_reg']],
    ['HostRegexp(`{any:.+}.a.com`)', ['serviceDomain=*.a.com']],
    ['HostRegexp(`^.+\\.a\\.com$$`)', ['serviceDomain=*.a.com']],
    ['Host(`a.com`) && Header(`X-V`, `2`)', ['serviceDomain=a.com', 'serviceHeader=X-V:2']],
    ['Host(`${DOMAIN}`)', ['serviceDomain=${DOMAIN}']],
  ])('%s', (rule, expected) => {
    expect(convert([`http.routers.web.rule=${rule}`, PORT])).toEqual({
      labels: [...expected, 'port=8080'],
      left: [],
    });
  });

  test.each(['!Host(`a.com`)', 'Host(`a.com`', 'Host(`a.com`) && Query(`x=y`)', 'HostRegexp(`a|b`)', ''])(
    '%j has no equal',
    (rule) => {
      expect(convert([`http.routers.web.rule=${rule}`, PORT]).left).toEqual(['http.routers.web.rule']);
    },
  );

  test('alternatives that differ in more than one list are destinations of their own', () => {
    const rule = '(Host(`a.com`) && PathPrefix(`/x`)) || (Host(`b.com`) && PathPrefix(`/y`))';
    expect(convert([`http.routers.web.rule=${rule}`, PORT]).labels).toEqual([
      'serviceDomain.1=a.com',
      'servicePath.1=/x',
      'port.1=8080',
      'serviceDomain.2=b.com',
      'servicePath.2=/y',
      'port.2=8080',
    ]);
  });
});

describe('what a router uses:', () => {
  const use = (...options: readonly string[]) => [
    HOST,
    'http.routers.web.middlewares=m',
    ...options.map((option) => `http.middlewares.m.${option}`),
    PORT,
  ];
  test.each([
    [use('basicauth.users=ann:$$2y$$05$$x'), ['users=ann:$$2y$$05$$x', 'usersPassEncrypted=true', ...ROUTE]],
    [
      use('stripprefix.prefixes=/api,/v2'),
      ['serviceDomain=a.com', 'reqPathSearchReplace=^/api/?,/:^/v2/?,/', 'port=8080'],
    ],
    [use('addprefix.prefix=/x'), ['serviceDomain=a.com', 'reqPathSearchReplace=^/,/x/', 'port=8080']],
    [
      use('replacepathregex.regex=^/a/(.*)', 'replacepathregex.replacement=/b/$$1'),
      ['serviceDomain=a.com', 'reqPathSearchReplace=^/a/(.*),/b/\\1', 'port=8080'],
    ],
    [
      use('redirectscheme.scheme=https', 'redirectscheme.permanent=true'),
      ['serviceDomain=a.com', 'httpsOnly=true', 'httpsRedirectCode=301', 'port=8080'],
    ],
    [use('ipallowlist.sourcerange=10.0.0.0/8'), ['serviceDomain=a.com', 'allowFrom=10.0.0.0/8', 'port=8080']],
    [
      use('ratelimit.average=100', 'ratelimit.period=1m', 'ratelimit.burst=5'),
      ['serviceDomain=a.com', 'rateLimit=100/60s', 'port=8080'],
    ],
    [use('compress=true'), ['compressionAlgo=gzip', ...ROUTE]],
    [use('retry.attempts=3'), ['serviceDomain=a.com', 'retries=3', 'port=8080']],
    [
      use(
        'forwardauth.address=http://authelia:9091/api/verify',
        'forwardauth.authresponseheaders=Remote-User',
      ),
      [
        'serviceDomain=a.com',
        'authUrl=http://authelia:9091/api/verify',
        'authResponseHeaders=Remote-User',
        'port=8080',
      ],
    ],
    [use('headers.customrequestheaders.X-A=1'), ['setReqHeader=X-A 1', ...ROUTE]],
    [
      use('headers.customresponseheaders.X-A=', 'headers.customresponseheaders.X-B=1'),
      ['delResHeader=X-A', 'setResHeader=X-B 1', ...ROUTE],
    ],
    [
      use('headers.stsseconds=9', 'headers.stsincludesubdomains=true'),
      ['setResHeader=Strict-Transport-Security "max-age=9; includeSubDomains"', ...ROUTE],
    ],
    [
      [HOST, PORT, 'http.services.web.loadbalancer.sticky.cookie=true'],
      ['sessionType=sticky-server', ...ROUTE],
    ],
    [
      [HOST, PORT, 'http.services.web.loadbalancer.server.scheme=https'],
      [...ROUTE, 'sslVerifyNone=true'],
    ],
    [
      [HOST, PORT, 'http.services.web.loadbalancer.server.scheme=h2c'],
      [...ROUTE, 'serverProto=h2'],
    ],
    [
      [
        HOST,
        PORT,
        'http.services.web.loadbalancer.healthcheck.path=/h',
        'http.services.web.loadbalancer.healthcheck.interval=10s',
      ],
      [...ROUTE, 'checkPath=/h', 'checkInterval=10'],
    ],
    [
      [HOST, PORT, 'http.routers.web.entrypoints=websecure', 'http.routers.web.tls=true'],
      ['serviceDomain=a.com', 'httpsOnly=true', 'port=8080'],
    ],
    [
      [HOST, PORT, 'http.routers.web.tls.certresolver=le'],
      ['acme=true', 'serviceDomain=a.com', 'httpsOnly=true', 'port=8080'],
    ],
    [
      [
        HOST,
        PORT,
        'http.routers.web.tls.certresolver=le',
        'http.routers.web.tls.domains[0].main=a.com',
        'http.routers.web.tls.domains[0].sans=*.a.com',
      ],
      ['acmeDomains=a.com,*.a.com', 'serviceDomain=a.com', 'httpsOnly=true', 'port=8080'],
    ],
    [
      [
        HOST,
        PORT,
        'http.routers.web.middlewares=all',
        'http.middlewares.all.chain.middlewares=gz',
        'http.middlewares.gz.compress=true',
      ],
      ['compressionAlgo=gzip', ...ROUTE],
    ],
    [['enable=false', HOST, PORT], ['notify=false']],
    [['enable=true', 'docker.network=traefik', HOST, PORT], ROUTE],
  ])('%j', (labels, expected) => {
    expect(convert(labels)).toEqual({ labels: expected, left: [] });
  });

  test.each([
    ['priority', 'http.routers.web.priority=10'],
    ['a middleware of another place', 'http.routers.web.middlewares=auth@file'],
    ['an entry point', 'http.routers.web.entrypoints=metrics'],
    ['circuit breakers', 'http.middlewares.cb.circuitbreaker.expression=x'],
    ['the Host header', 'http.services.web.loadbalancer.passhostheader=false'],
  ])('%s has no equal, and is told by the name of its label', (_, label) => {
    expect(convert([HOST, PORT, label])).toEqual({ labels: ROUTE, left: [label.split('=')[0]] });
  });
});

test('a router that only redirects to https is the redirect of the other one', () => {
  const labels = [
    HOST,
    'http.routers.web.entrypoints=web',
    'http.routers.web.middlewares=https',
    'http.middlewares.https.redirectscheme.scheme=https',
    'http.middlewares.https.redirectscheme.permanent=true',
    'http.routers.web-tls.rule=Host(`a.com`)',
    'http.routers.web-tls.entrypoints=websecure',
    'http.routers.web-tls.tls.certresolver=le',
    PORT,
  ];
  expect(convert(labels)).toEqual({
    labels: ['acme=true', 'serviceDomain=a.com', 'httpsOnly=true', 'httpsRedirectCode=301', 'port=8080'],
    left: [],
  });
});

describe('tcp:', () => {
  const tcp = (rule: string, ...more: readonly string[]) => [
    `tcp.routers.db.rule=${rule}`,
    'tcp.services.db.loadbalancer.server.port=5432',
    ...more,
  ];
  test('bytes on an entry point whose port is given', () => {
    const labels = tcp(
      'HostSNI(`*`)',
      'tcp.routers.db.entrypoints=pg',
      'tcp.services.db.loadbalancer.proxyprotocol.version=2',
    );
    expect(convert(labels, { pg: 5432 })).toEqual({
      labels: ['reqMode=tcp', 'srcPort=5432', 'port=5432', 'sendProxy=v2'],
      left: [],
    });
    expect(convert(labels).left).toEqual(['tcp.routers.db.entrypoints']);
  });

  test('TLS that is passed through goes by its name', () => {
    const labels = tcp(
      'HostSNI(`db.a.com`)',
      'tcp.routers.db.entrypoints=websecure',
      'tcp.routers.db.tls.passthrough=true',
    );
    expect(convert(labels).labels).toEqual([
      'serviceDomain=db.a.com',
      'reqMode=sni',
      'srcPort=443',
      'port=5432',
    ]);
  });
});

test('a service without labels of Traefik is left alone', () => {
  expect(convertTraefik([], { entryPoints: new Map() })).toBeUndefined();
});
