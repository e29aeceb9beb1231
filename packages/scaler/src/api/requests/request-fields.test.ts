import { expect, test } from '@jest/globals';
import { decodeQuery } from '@docker-flow/labels';
import fc from 'fast-check';
import { readDryRun } from './request-values.js';
import { parseJobRequest } from './parse-job-request.js';
import { parseScaleRequest } from './parse-scale-request.js';
import { readRequestFields } from './request-fields.js';

function read(query: string, body: unknown = '') {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readRequestFields(decodeQuery(query), text);
}

function parse(query: string, body: unknown = '') {
  return parseScaleRequest(read(query, body));
}

test('an Alertmanager webhook says everything in its group labels', () => {
  const body = {
    version: '4',
    status: 'firing',
    groupKey: '{}:{service="web"}',
    receiver: 'scale',
    groupLabels: { service: 'web', scale: 'up', by: '2' },
    commonLabels: { service: 'other' },
    alerts: [
      { labels: { alertname: 'cpu' } },
      { labels: { alertname: 'cpu' } },
      { labels: { alertname: 'mem' } },
    ],
  };
  expect(read('', body)).toMatchObject({
    service: 'web',
    scale: 'up',
    by: { unit: 'count', size: 2 },
    webhook: { groupKey: '{}:{service="web"}', receiver: 'scale', alertNames: ['cpu', 'mem'] },
  });
});

test('the query beats the body, and of repeated parameters the first counts', () => {
  const body = { groupLabels: { service: 'api', scale: 'up', by: 1 } };
  expect(read('service=web&service=other&scale=down&by=2', body)).toMatchObject({
    service: 'web',
    scale: 'down',
    by: { size: 2 },
  });
  expect(read('service=&by=0', body)).toMatchObject({ service: 'api', by: { size: 1 } });
});

test.each([
  ['3', 3],
  ['-3', 3],
  ['+3', 3],
  ['9223372036854775807', 2 ** 63],
  ['00000000000000000000003', 3],
  ['-0000009223372036854775807', 2 ** 63],
])('by=%s means %d', (by, size) => {
  expect(read(`by=${encodeURIComponent(by)}`).by).toEqual({ unit: 'count', size });
});

test.each(['0', 'lots', '1.5', '', ' 3', '9223372036854775808', '0x10', '%'])('by=%j is ignored', (by) => {
  expect(read(`by=${encodeURIComponent(by)}`).by).toBeUndefined();
  expect(read('', { groupLabels: { by } }).by).toBeUndefined();
});

test('steps may be percentages', () => {
  expect(read('by=50%25').by).toEqual({ unit: 'percent', size: 50 });
  expect(read('', { groupLabels: { by: '-20%' } }).by).toEqual({ unit: 'percent', size: 20 });
});

test.each([[{ by: -3 }], [{ by: 1.5 }], [{ by: true }], [{ by: null }], [{ by: [1] }]])(
  'a body with %j has no step',
  (groupLabels) => {
    expect(read('', { groupLabels }).by).toBeUndefined();
  },
);

test.each([
  ['no JSON', 'not json'],
  ['a list', '[1]'],
  ['null', 'null'],
  ['group labels that are a text', '{"groupLabels":"web"}'],
])('a body that is %s counts as empty', (_name, body) => {
  expect(parse('', body)).toEqual({ kind: 'invalid', message: 'No service name in request' });
});

test('a field of the wrong type counts as absent, the others are still read', () => {
  expect(read('', { groupLabels: { service: 7, scale: 'up' } })).toMatchObject({
    service: undefined,
    scale: 'up',
  });
});

test('checks come in the order service, direction, kind of direction', () => {
  expect(parse('')).toEqual({ kind: 'invalid', message: 'No service name in request' });
  expect(parse('service=web')).toEqual({ kind: 'invalid', message: 'No scale direction in request' });
  expect(parse('service=web&scale=UP')).toEqual({
    kind: 'invalid',
    message: 'Incorrect scale direction in request',
  });
});

test('only firing alerts scale; bodies without a status are requests', () => {
  const groupLabels = { service: 'web', scale: 'up' };
  expect(parse('service=web&scale=up', { status: 'resolved', groupLabels })).toEqual({
    kind: 'resolved',
    status: 'resolved',
  });
  expect(parse('', { groupLabels })).toMatchObject({ kind: 'request' });
});

test('an absolute count stands instead of direction and step', () => {
  expect(parse('service=web&to=4')).toMatchObject({ request: { kind: 'target', count: 4 } });
  expect(parse('', { groupLabels: { service: 'web', to: '0' } })).toMatchObject({ request: { count: 0 } });
  expect(parse('service=web&to=-1')).toMatchObject({ kind: 'invalid' });
});

test('no body and no query makes reading fail', () => {
  fc.assert(
    fc.property(fc.string(), fc.oneof(fc.string(), fc.json()), (query, body) => {
      parse(query, body);
      job(query, body);
    }),
  );
});

function job(query: string, body = '') {
  const pairs = decodeQuery(query);
  return parseJobRequest(pairs, readRequestFields(pairs, body));
}

test.each([
  ['scale=1', 'up', 1],
  ['scale=+2', 'up', 2],
  ['scale=%2B2', 'up', 2],
  ['scale=-1', 'down', 1],
])('the build server’s %s is a step %s by %d', (query, direction, size) => {
  const parsed = job(`token=DevOps22&service=go-demo_main&${query}`);
  expect(parsed).toEqual({
    kind: 'request',
    service: 'go-demo_main',
    request: { kind: 'step', direction, by: { unit: 'count', size } },
  });
});

test.each(['scale=up', 'scale=0', 'scale=--1', ''])('the build server’s job refuses %j', (query) => {
  expect(job(`service=web&${query}`)).toMatchObject({ kind: 'invalid' });
});

test('the build server’s job does nothing for a resolved alert in its body', () => {
  expect(job('service=web&scale=1', '{"status":"resolved"}')).toMatchObject({ kind: 'resolved' });
});

test('a name that is longer than any name can be counts as absent, in the query as in the body', () => {
  const long = 'x'.repeat(1_001);
  expect(read(`service=${long}`, { groupLabels: { service: 'web' } }).service).toBe('web');
  expect(read('', { groupLabels: { service: long } }).service).toBeUndefined();
});

test.each([
  ['', false],
  ['dryRun=false', false],
  ['dryRun=1', true],
  ['dryRun=TRUE&dryRun=false', true],
  ['dryRun=yes', undefined],
  ['dryRun', undefined],
])('%j asks for a dry run: %j', (query, dryRun) => {
  expect(readDryRun(decodeQuery(query))).toBe(dryRun);
});
