import type { BuiltIn, Words } from './built-in.js';

function container({ s }: Words): string {
  return `container_label_com_docker_swarm_service_name="${s}"`;
}

const SHARE = { name: 'SHARE' };
const WINDOW = { name: 'WINDOW', default: '5m' };

/** Shortcuts over the metrics of cAdvisor. */
export const CONTAINER_SHORTCUTS: readonly BuiltIn[] = [
  {
    name: '@service_mem_limit',
    parameters: [SHARE],
    expression: (w) =>
      `container_memory_usage_bytes{${container(w)}}/container_spec_memory_limit_bytes{${container(w)}} > ${w.v[0]}`,
    summary: ({ s, v }) => `Memory of the service ${s} is over ${v[0]}`,
  },
  {
    name: '@service_mem_limit_nobuff',
    parameters: [SHARE],
    expression: (w) =>
      `(container_memory_usage_bytes{${container(w)}}-container_memory_cache{${container(w)}})/container_spec_memory_limit_bytes{${container(w)}} > ${w.v[0]}`,
    summary: ({ s, v }) => `Memory without buffer of the service ${s} is over ${v[0]}`,
  },
  {
    name: '@replicas_running',
    parameters: [],
    labels: { scale: 'up', type: 'node' },
    expression: (w) => `count(container_memory_usage_bytes{${container(w)}}) != ${w.r}`,
    summary: ({ s, r }) => `The number of running replicas of the service ${s} is not ${r}`,
  },
  {
    name: '@replicas_less_than',
    parameters: [],
    labels: { scale: 'up', type: 'node' },
    expression: (w) => `count(container_memory_usage_bytes{${container(w)}}) < ${w.r}`,
    summary: ({ s, r }) => `The number of running replicas of the service ${s} is less than ${r}`,
  },
  {
    name: '@replicas_more_than',
    parameters: [],
    labels: { scale: 'down', type: 'node' },
    expression: (w) => `count(container_memory_usage_bytes{${container(w)}}) > ${w.r}`,
    summary: ({ s, r }) => `The number of running replicas of the service ${s} is more than ${r}`,
  },
  {
    name: '@replicas_missing',
    parameters: [],
    labels: { scale: 'up', type: 'node' },
    expression: (w) => `(count(container_memory_usage_bytes{${container(w)}}) or vector(0)) < ${w.r}`,
    summary: ({ s, r }) => `The number of running replicas of the service ${s} is less than ${r}`,
  },
  {
    name: '@service_cpu_limit',
    parameters: [SHARE, WINDOW],
    expression: (w) =>
      `sum without (cpu) (rate(container_cpu_usage_seconds_total{${container(w)}}[${w.v[1]}])) / (container_spec_cpu_quota{${container(w)}} / container_spec_cpu_period{${container(w)}}) > ${w.v[0]}`,
    summary: ({ s, v }) => `CPU of the service ${s} is over ${v[0]}`,
  },
  {
    name: '@service_cpu_throttled',
    parameters: [SHARE, WINDOW],
    expression: (w) =>
      `sum by (name) (rate(container_cpu_cfs_throttled_periods_total{${container(w)}}[${w.v[1]}])) / sum by (name) (rate(container_cpu_cfs_periods_total{${container(w)}}[${w.v[1]}])) > ${w.v[0]}`,
    summary: ({ s, v }) => `CPU throttling of the service ${s} is over ${v[0]}`,
  },
  {
    name: '@service_restarts',
    parameters: [{ name: 'COUNT' }, { name: 'WINDOW' }],
    labels: { type: 'errors' },
    expression: (w) =>
      `count(count by (id) (count_over_time(container_start_time_seconds{${container(w)}}[${w.v[1]}]))) - count(container_start_time_seconds{${container(w)}}) > ${w.v[0]}`,
    summary: ({ s, v }) => `More than ${v[0]} containers of the service ${s} were replaced within ${v[1]}`,
  },
  {
    name: '@service_oom',
    parameters: [{ name: 'WINDOW' }],
    labels: { type: 'errors' },
    expression: (w) => `sum(increase(container_oom_events_total{${container(w)}}[${w.v[0]}])) > 0`,
    summary: ({ s, v }) => `A container of the service ${s} ran out of memory within ${v[0]}`,
  },
];
