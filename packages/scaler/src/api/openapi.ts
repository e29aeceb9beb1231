import { describeApi, type ApiEndpoint, type ApiParameter } from '@docker-flow/daemon/http/openapi';

const DRY_RUN: ApiParameter = {
  name: 'dryRun',
  description: 'Says what would be done, and does nothing',
  schema: { type: 'boolean' },
};
const SCALE: ApiParameter = { name: 'scale', description: '`up` or `down`' };
const SERVICE: ApiParameter = { name: 'service', description: 'Name of the service' };
const ALERT_BODY =
  'What Alertmanager posts; then the fields that are not in the query are read from its `groupLabels`';

const CHANGED = {
  200: 'Done, or the reason why the count stays',
  400: 'The request cannot be read',
  401: 'The token is missing',
  500: 'It failed, with the reason',
};

/** What the scaler answers; all of it also exists under `SERVER_PREFIX`. */
export const ENDPOINTS: readonly ApiEndpoint[] = [
  {
    method: 'POST',
    path: '/v1/scale-service',
    summary:
      'Scales a service. The body may be what Alertmanager posts; then `service`, `scale` and `by` are read from its `groupLabels`',
    parameters: [
      SERVICE,
      SCALE,
      { name: 'by', description: 'Replicas, or percent' },
      { name: 'to', description: 'This many replicas instead', schema: { type: 'integer' } },
      DRY_RUN,
    ],
    body: ALERT_BODY,
    answers: CHANGED,
  },
  {
    method: 'POST',
    path: '/v1/scale-nodes',
    summary: 'Scales an auto scaling group; exists only with a node backend',
    parameters: [
      SCALE,
      { name: 'by', description: 'Nodes' },
      { name: 'type', description: '`worker` or `manager`' },
      { name: 'service', description: 'The service whose labels set the bounds' },
    ],
    body: ALERT_BODY,
    answers: CHANGED,
  },
  {
    method: 'POST',
    path: '/v1/reschedule-services',
    summary: 'Replaces the tasks of all services with `com.df.reschedule=true`',
    answers: CHANGED,
  },
  {
    method: 'POST',
    path: '/v1/reschedule-service',
    summary: 'Replaces the tasks of one of them',
    parameters: [{ ...SERVICE, required: true }],
    answers: CHANGED,
  },
  {
    method: 'POST',
    path: '/job/service-scale/buildWithParameters',
    summary: "The address of a build server's job: scales and answers 201",
    parameters: [
      { name: 'token', description: '`JOB_TOKEN`' },
      SERVICE,
      { name: 'scale', description: '`1`, `-2` …' },
    ],
    answers: { 201: 'Done, or the reason why the count stays', 401: 'Another token', 500: 'It failed' },
  },
  {
    method: 'GET',
    path: '/v1/ping',
    summary: '200 with an empty body',
    answers: { 200: 'The API is there' },
    contentType: 'text/plain',
  },
  {
    method: 'GET',
    path: '/v1/services',
    summary:
      'Services that can be scaled: replicas, bounds, steps, cool-downs, last change, what is wrong with their labels (`issues`), and of those that are scaled on targets (`target`) the last value of each metric, its target, conditions and windows',
    answers: { 200: 'The services' },
  },
  {
    method: 'GET',
    path: '/v1/services/{name}',
    summary:
      'One service of the Swarm with its tasks: slot, node, state, and why one waits or failed, in Swarm’s words (`error`, and `lastFailure` of the task before it); `scaling` is what the list above says of it',
    parameters: [{ name: 'name', description: 'Name or id of the service' }],
    answers: { 200: 'The service', 404: 'There is no such service', 502: 'Docker does not answer' },
  },
  {
    method: 'GET',
    path: '/v1/replicas',
    summary: 'Their replicas over time',
    answers: { 200: 'Points by service' },
  },
  {
    method: 'GET',
    path: '/v1/counts',
    summary: 'How many tasks they, and all other services with `com.df.notify`, shall have and have running',
    answers: { 200: 'Counts by service' },
  },
  {
    method: 'GET',
    path: '/v1/metrics-shortcuts',
    summary: 'What may stand in `com.df.scaleOn` in place of PromQL, with the expressions',
    answers: { 200: 'The shortcuts' },
  },
  {
    method: 'GET',
    path: '/v1/activities',
    summary: 'What was asked, decided and done, newest first',
    parameters: [
      SERVICE,
      { name: 'outcome', description: 'Those that ended so' },
      { name: 'limit', description: 'So many at most', schema: { type: 'integer' } },
    ],
    answers: { 200: 'The activities' },
  },
  {
    method: 'GET',
    path: '/v1/activities/{id}',
    summary: 'One of these',
    parameters: [{ name: 'id', description: 'Of the activity' }],
    answers: { 200: 'The activity', 404: 'There is none, or it is too old' },
  },
  {
    method: 'GET',
    path: '/v1/status',
    summary:
      'Whether it can work, its node backend, whether it waits for nodes, and the last look at services that are scaled on targets (`autoscaler`)',
    answers: { 200: 'The status' },
  },
  {
    method: 'GET',
    path: '/v1/events',
    summary:
      'Server-sent events: `activity` and `services` with what the endpoints above answer, `trouble` while Docker cannot be asked',
    answers: { 200: 'Open until the caller leaves' },
    contentType: 'text/event-stream',
  },
  {
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This description',
    answers: { 200: 'OpenAPI 3.1' },
  },
];

/** The OpenAPI description of the routes. */
export function openApiDocument() {
  return describeApi({
    title: 'Docker Flow Scaler',
    description:
      'Changes the replica counts of Swarm services as alerts and people say, within the bounds of their labels. With a token set, every POST asks for it.',
    hasToken: true,
    endpoints: ENDPOINTS,
  });
}
