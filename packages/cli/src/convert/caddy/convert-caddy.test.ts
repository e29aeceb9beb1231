import { describe, expect, test } from '@jest/globals';
import { convertCaddy } from './convert-caddy.js';

/** What becomes of labels, but for `notify`. */
function convert(labels: Readonly<Record<string, string>>) {
  const conversion = convertCaddy(Object.entries(labels).map(([name, text]) => ({ name, text })));
  return {
    labels: conversion?.labels
      .map(([name, text]) => `${name}=${text}`)
      .filter((one) => one !== 'notify=true'),
    left: conversion?.left.map(({ label }) => label),
  };
}

const PLAIN = { caddy: 'http://a.com', 'caddy.reverse_proxy': '{{upstreams 8080}}' };
const ROUTE = ['serviceDomain=a.com', 'port=8080'];

describe('addresses:', () => {
  test.each([
    ['a.com', ['acme=true', 'serviceDomain=a.com', 'port=8080', 'httpsOnly=true']],
    ['a.com, www.a.com', ['acme=true', 'serviceDomain=a.com,www.a.com', 'port=8080', 'httpsOnly=true']],
    ['http://a.com', ROUTE],
    ['*.a.com', ['acme=true', 'serviceDomain=*.a.com', 'port=8080', 'httpsOnly=true']],
    [':80', ['servicePath=/', 'port=8080']],
    [':8085', ['servicePath=/', 'srcPort=8085', 'port=8080']],
    ['app.local', ['serviceDomain=app.local', 'port=8080']],
  ])('%s', (address, expected) => {
    expect(convert({ ...PLAIN, caddy: address })).toEqual({ labels: expected, left: [] });
  });
});

describe('upstreams:', () => {
  test.each([
    ['{{upstreams}}', ['serviceDomain=a.com', 'port=80']],
    ['{{upstreams https 8443}}', ['serviceDomain=a.com', 'port=8443', 'sslVerifyNone=true']],
    ['{{upstreams h2c 9000}}', ['serviceDomain=a.com', 'port=9000', 'serverProto=h2']],
    ['/api/* {{upstreams 8080}}', ['serviceDomain=a.com', 'servicePath=/api/', 'port=8080']],
    [
      '/exact {{upstreams 8080}}',
      ['serviceDomain=a.com', 'servicePath=/exact', 'pathType=path', 'port=8080'],
    ],
    ['other:9000', ['serviceDomain=a.com', 'outboundHostname=other', 'port=9000']],
  ])('%s', (text, expected) => {
    expect(convert({ ...PLAIN, 'caddy.reverse_proxy': text })).toEqual({ labels: expected, left: [] });
  });
});

describe('directives:', () => {
  test.each([
    [{ 'caddy.encode': 'gzip zstd' }, ['compressionAlgo=gzip', ...ROUTE]],
    [{ 'caddy.header': 'X-A "b c"' }, ['setResHeader=X-A "b c"', ...ROUTE]],
    [{ 'caddy.header.-Server': '' }, ['delResHeader=Server', ...ROUTE]],
    [{ 'caddy.header.X-A': 'b' }, ['setResHeader=X-A b', ...ROUTE]],
    [
      { 'caddy.basicauth.bob': '$$2a$$14$$x' },
      ['users=bob:$$2a$$14$$x', 'usersPassEncrypted=true', ...ROUTE],
    ],
    [
      { 'caddy.basic_auth.bob': '$$2a$$14$$x' },
      ['users=bob:$$2a$$14$$x', 'usersPassEncrypted=true', ...ROUTE],
    ],
    [
      {
        'caddy.forward_auth': 'authelia:9091',
        'caddy.forward_auth.uri': '/v',
        'caddy.forward_auth.copy_headers': 'Remote-User Remote-Groups',
      },
      [...ROUTE, 'authUrl=http://authelia:9091/v', 'authResponseHeaders=Remote-User,Remote-Groups'],
    ],
    [{ 'caddy.uri': 'strip_prefix /x' }, [...ROUTE, 'reqPathSearchReplace=^/x/?,/']],
    [{ 'caddy.uri.strip_prefix': '/x' }, [...ROUTE, 'reqPathSearchReplace=^/x/?,/']],
    [{ 'caddy.rewrite': '* /new{uri}' }, [...ROUTE, 'reqPathSearchReplace=^/,/new/']],
    [
      { 'caddy.reverse_proxy.header_up': 'X-Real-IP {remote_host}' },
      ['setReqHeader=X-Real-IP %[src]', ...ROUTE],
    ],
    [{ 'caddy.reverse_proxy.header_up': '-Cookie' }, ['delReqHeader=Cookie', ...ROUTE]],
    [{ 'caddy.reverse_proxy.header_down': '-Server' }, ['delResHeader=Server', ...ROUTE]],
    [
      { 'caddy.reverse_proxy.health_uri': '/h', 'caddy.reverse_proxy.health_interval': '5s' },
      [...ROUTE, 'checkPath=/h', 'checkInterval=5'],
    ],
    [{ 'caddy.reverse_proxy.lb_policy': 'cookie' }, ['sessionType=sticky-server', ...ROUTE]],
    [{ 'caddy.reverse_proxy.lb_retries': '2' }, [...ROUTE, 'retries=2']],
    [
      {
        'caddy.reverse_proxy.transport': 'http',
        'caddy.reverse_proxy.transport.tls_insecure_skip_verify': '',
        'caddy.reverse_proxy.transport.tls_server_name': 'b.com',
      },
      [...ROUTE, 'sslVerifyNone=true', 'serverName=b.com'],
    ],
    [{ caddy_ingress_network: 'caddy' }, ROUTE],
  ])('%j', (labels, expected) => {
    expect(convert({ ...PLAIN, ...labels })).toEqual({ labels: expected, left: [] });
  });

  test.each([
    'caddy.log',
    'caddy.import',
    'caddy.file_server',
    'caddy.request_body.max_size',
    'caddy.reverse_proxy.flush_interval',
  ])('%s has no equal', (label) => {
    expect(convert({ ...PLAIN, [label]: 'x' })).toEqual({ labels: ROUTE, left: [label] });
  });
});

test('blocks are destinations of their own', () => {
  const labels = {
    caddy: 'http://a.com',
    'caddy.handle_path': '/api/*',
    'caddy.handle_path.0_reverse_proxy': '{{upstreams 80}}',
    'caddy.handle': '/ws*',
    'caddy.handle.reverse_proxy': '{{upstreams 81}}',
  };
  expect(convert(labels).labels).toEqual([
    'serviceDomain.1=a.com',
    'servicePath.1=/api/',
    'reqPathSearchReplace.1=^/api/?,/',
    'port.1=80',
    'serviceDomain.2=a.com',
    'servicePath.2=/ws',
    'port.2=81',
  ]);
});

test('matchers by name', () => {
  const labels = {
    ...PLAIN,
    'caddy.@in.path': '/m*',
    'caddy.@in.remote_ip': '10.0.0.0/8 192.168.0.0/16',
    'caddy.reverse_proxy': '@in {{upstreams 8080}}',
  };
  expect(convert(labels)).toEqual({
    labels: ['serviceDomain=a.com', 'servicePath=/m', 'allowFrom=10.0.0.0/8,192.168.0.0/16', 'port=8080'],
    left: [],
  });
  expect(convert({ ...labels, 'caddy.reverse_proxy': '@out {{upstreams 8080}}' }).left).toEqual([
    'caddy.reverse_proxy',
  ]);
});

test('a site that redirects to another one is a domain of that one', () => {
  const labels = { ...PLAIN, caddy_1: 'http://www.a.com', 'caddy_1.redir': 'https://a.com{uri} permanent' };
  expect(convert(labels)).toEqual({ labels: [...ROUTE, 'redirectFromDomain=www.a.com'], left: [] });
});

test('a certificate of an authority of one’s own is told', () => {
  expect(convert({ ...PLAIN, caddy: 'a.com', 'caddy.tls': 'internal' }).left).toEqual(['caddy.tls']);
});
