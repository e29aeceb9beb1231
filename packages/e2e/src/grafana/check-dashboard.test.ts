import { expect, test } from '@jest/globals';
import { metricsOf, problemsOf, type RunningPrometheus } from './check-dashboard.js';

test.each([
  [
    'sum by (code) (rate(haproxy_frontend_http_responses_total{job=~".+"}[1m]))',
    ['haproxy_frontend_http_responses_total'],
  ],
  [
    'time() - max by (kind) (docker_flow_swarm_listener_last_comparison_timestamp_seconds)',
    ['docker_flow_swarm_listener_last_comparison_timestamp_seconds'],
  ],
  ['count(ALERTS{alertstate="firing"}) or vector(0)', ['ALERTS']],
  [
    'process_cpu_seconds_total * on (job, instance) group_left (program) docker_flow_build_info',
    ['process_cpu_seconds_total', 'docker_flow_build_info'],
  ],
])('metrics of %s', (query, names) => expect(metricsOf(query)).toEqual(names));

const prometheus: RunningPrometheus = {
  query: (query) =>
    query.includes('((')
      ? Promise.reject(new Error('parse error'))
      : Promise.resolve([{ metric: { job: 'a' } }]),
  metricNames: () => Promise.resolve(new Set(['up'])),
};

test.each([
  ['up', '{{job}}', []],
  ['up', '{{instance}}', ['p: up has no metric label instance']],
  ['process_threads', '', ['p: there is no metric process_threads']],
  ['container_tasks', '', []],
  ['((', '', ['p: ((: Error: parse error']],
])('%s with the legend "%s"', async (query, legend, problems) => {
  const excused = (name: string) => name.startsWith('container_');
  expect(await problemsOf([{ panel: 'p', query, legend }], prometheus, excused)).toEqual(problems);
});
