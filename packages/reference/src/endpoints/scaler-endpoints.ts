import type { Endpoint } from '../endpoints-page.js';

const SCALE =
  '`service`, `scale` (`up` or `down`), `by` (replicas or percent), `to` (a number instead), `dryRun`';

/** What the scaler answers. */
export const SCALER_ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/v1/scale-service',
    parameters: SCALE,
    says: 'Scales a service. The body may be what Alertmanager posts; then `service`, `scale` and `by` are read from its `groupLabels`.',
  },
  {
    method: 'POST',
    path: '/v1/scale-nodes',
    parameters: '`scale`, `by`, `type` (`worker` or `manager`), `service` (whose labels set the bounds)',
    says: 'Scales an auto scaling group; exists only with a node backend.',
  },
  {
    method: 'POST',
    path: '/v1/reschedule-services',
    says: 'Replaces the tasks of all services with `com.df.reschedule=true`.',
  },
  {
    method: 'POST',
    path: '/v1/reschedule-service',
    parameters: '`service`',
    says: 'Replaces the tasks of one of them.',
  },
  {
    method: 'POST',
    path: '/job/service-scale/buildWithParameters',
    parameters: '`token`, `service`, `scale` (`1`, `-2` …)',
    says: "The address of a build server's job: scales and answers 201.",
  },
  { method: 'GET', path: '/v1/ping', says: '200 with an empty body.' },
  {
    method: 'GET',
    path: '/v1/services',
    says: 'Services that can be scaled: replicas, bounds, steps, cool-downs, last change, what is wrong with their labels (`issues`), and of those that are scaled on targets (`target`) the last value of each metric, its target, conditions and windows.',
  },
  { method: 'GET', path: '/v1/replicas', says: 'Their replicas over time.' },
  {
    method: 'GET',
    path: '/v1/metrics-shortcuts',
    says: 'What may stand in `com.df.scaleOn` in place of PromQL, with the expressions.',
  },
  {
    method: 'GET',
    path: '/v1/activities',
    parameters: '`service`, `outcome`, `limit`',
    says: 'What was asked, decided and done, newest first.',
  },
  { method: 'GET', path: '/v1/activities/:id', says: 'One of these.' },
  {
    method: 'GET',
    path: '/v1/status',
    says: 'Whether it can work, its node backend, whether it waits for nodes, and the last look at services that are scaled on targets (`autoscaler`).',
  },
  {
    method: 'GET',
    path: '/v1/events',
    says: 'Server-sent events: `activity` and `services` with what the endpoints above answer, `trouble` while Docker cannot be asked.',
  },
];
