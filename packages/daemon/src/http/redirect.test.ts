import { expect, test } from '@jest/globals';
import { redirectedRequest, type RedirectedRequest } from './redirect.js';

const FROM = 'http://web.test/create?a=1';

function after(status: number, location: string | undefined, request: Partial<RedirectedRequest> = {}) {
  const headers = location === undefined ? {} : { location };
  return redirectedRequest<RedirectedRequest>({ url: FROM, ...request }, { status, headers });
}

test.each([
  [301, 'POST', 'GET'],
  [302, 'PUT', 'GET'],
  [303, 'DELETE', 'GET'],
  [303, 'HEAD', 'HEAD'],
  [307, 'POST', 'POST'],
  [308, 'PUT', 'PUT'],
])('%d makes %s a %s', (status, method, wanted) => {
  expect(after(status, '/new?x=1', { method })).toMatchObject({
    method: wanted,
    url: 'http://web.test/new?x=1',
  });
});

test('a body and what is said of it go with the method', () => {
  const request = { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json', 'X-A': 'b' } };
  expect(after(307, '/new', request)).toEqual({ ...request, url: 'http://web.test/new' });
  expect(after(302, '/new', request)).toEqual({
    method: 'GET',
    url: 'http://web.test/new',
    headers: { 'X-A': 'b' },
  });
});

test.each([
  ['/new', true],
  ['http://web.test:8080/new', true],
  ['http://eu.web.test/new', true],
  ['http://other.test/new', false],
  ['http://evil-web.test/new', false],
])('a password goes along to %s: %s', (location, goes) => {
  const headers = { authorization: 'Bearer x', Cookie: 'y', 'If-None-Match': 'z' };
  const next = after(302, location, { headers });
  expect(next?.headers).toEqual(goes ? headers : { 'If-None-Match': 'z' });
});

test.each([
  ['a redirect to nowhere', 302, undefined],
  ['a redirect to nonsense', 302, 'http://['],
  ['a redirect to something that is no HTTP', 302, 'file:///etc/passwd'],
  ['something else with an address', 201, '/new'],
  ['an answer that nothing changed', 304, '/new'],
])('%s is an answer like any other', (_what, status, location) => {
  expect(after(status, location)).toBeUndefined();
});
