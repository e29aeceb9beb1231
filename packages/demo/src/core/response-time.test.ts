import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { RESPONSE_TIME_BUCKETS, requestKind, responseCode } from './response-time.js';

const routes = new Set(['/demo/hello', '/demo/person']);

test('a known path is told apart from others', () => {
  expect(requestKind('GET', '/demo/hello', routes)).toEqual({ method: 'GET', path: '/demo/hello' });
  expect(requestKind('GET', '/wp-login.php', routes)).toEqual({ method: 'GET', path: 'other' });
});

test.each(['/metrics', '/healthz', '/readyz'])('requests of the platform to %s are not measured', (path) =>
  expect(requestKind('GET', path, routes)).toBeUndefined(),
);

test('whatever clients send, the metric labels have few values', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (method, path) => {
      const kind = requestKind(method, path, routes);
      expect([...routes, 'other', undefined]).toContain(kind?.path);
      expect(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other', undefined]).toContain(
        kind?.method,
      );
    }),
  );
});

test('an answer that nobody waited for counts as 499', () => {
  expect(responseCode(200, true)).toBe('200');
  expect(responseCode(200, false)).toBe('499');
});

test('the bounds that the tutorial asks for are there', () =>
  expect(RESPONSE_TIME_BUCKETS.map(String)).toEqual(expect.arrayContaining(['0.025', '0.1'])));
