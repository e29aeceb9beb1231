import { expect, test } from '@jest/globals';
import { targetQueries } from './target-queries.js';

const metric = { metric: 'm1', on: '@cpu', target: 70 };
const of = (name: string, more: string) =>
  `max(${name}{service="web", ${more}} or ${name}{exported_service="web", ${more}})`;

test('a value is measured by its target', () => {
  expect(targetQueries('web', [{ ...metric, type: 'utilization' }])).toEqual([
    {
      name: '@cpu',
      query: `${of('docker_flow_scaler_target_value', 'metric="m1"')} / ${of('docker_flow_scaler_target', 'metric="m1"')}`,
    },
  ]);
});

test('a target for each task is measured by all tasks', () => {
  const [one] = targetQueries('web', [{ ...metric, type: 'averageValue' }]);
  expect(one?.query.endsWith(` / ${of('docker_flow_scaler_service_replicas', 'kind="wanted"')}`)).toBe(true);
});

test('names cannot leave their place', () => {
  const [one] = targetQueries('a"} or vector(1) #', [{ ...metric, type: 'value' }]);
  expect(one?.query).toContain(String.raw`service="a\"} or vector(1) #"`);
});
