import { afterEach, expect, jest, test } from '@jest/globals';
import { loadPromql } from './promql.js';

const EXPRESSION =
  'sum(rate(http_server_resp_time_count{job="shop_web",code=~"^5..$"}[5m])) / sum(rate(http_server_resp_time_count{job="shop_web"}[5m])) > 0.001';

afterEach(() => void jest.restoreAllMocks());

test.each([
  ['sum(rate(x[5m])', 'the end of the expression'],
  ['rate(x)', 'expected type'],
  ['x[5m]', 'range vector'],
  ['"text"', 'is a text'],
])('%s', (expression, message) => {
  expect(loadPromql()(expression)?.message ?? '').toContain(message);
});

test('what is right is taken', () => expect(loadPromql()(EXPRESSION)).toBeUndefined());

test('a machine on which everything takes long finds nothing wrong with what is right', () => {
  let nowMs = 0;
  jest.spyOn(Date, 'now').mockImplementation(() => (nowMs += 21));
  expect(loadPromql()(EXPRESSION)).toBeUndefined();
});
