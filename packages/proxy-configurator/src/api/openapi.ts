import { labelParameters } from '@docker-flow/daemon/http/label-parameters';
import {
  answerOf,
  answerWithoutBody,
  describeApi,
  type ApiEndpoint,
  type ApiParameter,
} from '@docker-flow/daemon/http/openapi';
import { CATALOGUE } from '@docker-flow/labels';
import { SCHEMAS } from './openapi-schemas.js';

/** Everything of the original lies below this path. */
export const API = '/v1/docker-flow-proxy';

const SERVICE: ApiParameter = { name: 'serviceName', description: 'Name of the service', required: true };
const CERTIFICATE: ApiParameter = { name: 'certName', description: 'Name of the file', required: true };
const DISTRIBUTE: ApiParameter = {
  name: 'distribute',
  description: 'Passes the request on to every replica of the proxy',
  schema: { type: 'boolean' },
};
const PLAIN = 'text/plain';

/** An answer in the words of the original. */
function answer(description: string) {
  return answerOf(description, 'Answer');
}

const SERVICES: readonly ApiEndpoint[] = [
  {
    method: 'any',
    path: `${API}/reconfigure`,
    summary: 'Routes a service as the parameters say, and answers when a HAProxy worker does',
    parameters: labelParameters(
      CATALOGUE['proxy-configurator'],
      (name) => `Also as \`${name}.1\`, \`${name}.2\` and so on, for one destination each.`,
    ),
    answers: {
      200: answer('The service is live; the message names labels that were read as if they were absent'),
      400: answer('Parameters that can never be routed; nothing has changed'),
      409: answer('No path and no domain, or an entry port that is taken; nothing has changed'),
      500: answer('Not possible now, with the reason; an older version of the service stays live'),
    },
  },
  {
    method: 'any',
    path: `${API}/remove`,
    summary: 'Removes the routes of a service; one that is not known is no error',
    parameters: [SERVICE, { name: 'aclName', description: 'Not needed' }, DISTRIBUTE],
    answers: {
      200: answer('The service is gone'),
      400: answer('serviceName is missing'),
      500: answer('Another replica could not be told'),
    },
  },
  {
    method: 'any',
    path: `${API}/reload`,
    summary:
      'Reloads HAProxy with the file that is there, with a new one (`recreate=true`), or after asking the listeners to send everything (`fromListener=true`)',
    parameters: [
      {
        name: 'recreate',
        description: 'Reads secrets, templates and certificates anew and writes the file first',
      },
      { name: 'fromListener', description: 'Asks the listeners instead' },
    ],
    answers: { 200: answer('HAProxy runs it'), 500: answer('It does not, with the reason') },
  },
  {
    method: 'any',
    path: `${API}/config`,
    summary: 'The configuration that runs, without passwords; with `type=json` the services it was made of',
    parameters: [{ name: 'type', description: '`json`, or nothing' }],
    answers: {
      200: {
        description: 'Text of haproxy.cfg, or services by name',
        content: {
          [PLAIN]: {},
          'application/json': { schema: { type: 'object', additionalProperties: { type: 'object' } } },
        },
      },
      500: 'There is no configuration',
    },
  },
];

const CERTIFICATES: readonly ApiEndpoint[] = [
  {
    method: 'PUT',
    path: `${API}/cert`,
    summary: 'Stores the certificate and key in the body (PEM) and uses them at once',
    parameters: [CERTIFICATE, DISTRIBUTE],
    body: { description: 'Certificate and key', required: true, contentType: 'application/x-pem-file' },
    answers: {
      200: answerOf('It is in use; no body when distributed', 'Certificates'),
      400: answerOf('No name, no usable PEM, or HAProxy refuses it; the old one stays', 'Certificates'),
      405: 'Any other method than PUT and DELETE',
    },
  },
  {
    method: 'DELETE',
    path: `${API}/cert`,
    summary: 'Removes a certificate of the directory; one that is not there is no error',
    parameters: [CERTIFICATE, DISTRIBUTE],
    answers: {
      200: answerOf('It is gone', 'Certificates'),
      400: answerOf('No file name, or another replica could not be told', 'Certificates'),
    },
  },
  {
    method: 'GET',
    path: `${API}/acme`,
    summary: 'Whose challenges HAProxy answers for authorities, and who may change it',
    answers: { 200: answerOf('The account, as a thumbprint of its key', 'Challenges') },
  },
  {
    method: 'PUT',
    path: `${API}/acme`,
    summary:
      'Answers the challenges of an account from now on, and keeps others from changing it for a while',
    parameters: [
      { name: 'thumbprint', description: "Thumbprint of the account's key (RFC 7638)", required: true },
      { name: 'owner', description: 'Who keeps others away' },
      { name: 'ttl', description: 'For how long, in seconds; default 60' },
      { name: 'directory', description: 'The authority' },
      DISTRIBUTE,
    ],
    body: 'What the owner says of its certificates: `{"certificates": [{"certName", "renewAt", "problem"}]}`; shown by `status` while its time runs',
    answers: {
      200: answerOf('A worker of HAProxy answers with it', 'Claim'),
      400: answerOf('No thumbprint', 'Claim'),
      409: answerOf("Another owner's time runs", 'Claim'),
      503: answerOf('HAProxy does not answer with it, with the reason', 'Claim'),
    },
  },
  {
    method: 'DELETE',
    path: `${API}/acme`,
    summary: 'Ends an ownership, not the answers',
    parameters: [{ name: 'owner', description: 'Who keeps others away no more', required: true }, DISTRIBUTE],
    answers: { 200: answerOf('Nobody is kept away', 'Claim') },
  },
  {
    method: 'any',
    path: `${API}/certs`,
    summary: 'All certificates; private keys only for callers with the token, or other replicas',
    answers: { 200: answerOf('Certificates of the directory, not those of secrets', 'Certificates') },
  },
];

const QUESTIONS: readonly ApiEndpoint[] = [
  {
    method: 'any',
    path: `${API}/metrics`,
    summary: "HAProxy's statistics as CSV, of all replicas with `distribute=true`",
    parameters: [DISTRIBUTE],
    answers: { 200: 'CSV', 500: { description: 'HAProxy does not answer', content: { [PLAIN]: {} } } },
    contentType: PLAIN,
  },
  {
    method: 'any',
    path: `${API}/haproxy-metrics`,
    summary: "Metrics of HAProxy's own exporter, and which service each backend belongs to",
    answers: { 200: 'Prometheus text' },
    contentType: PLAIN,
  },
  {
    method: 'any',
    path: `${API}/status`,
    summary: 'Services that are live, those that are rejected with the reason, and what HAProxy runs',
    answers: { 200: answerOf('No secrets', 'Status') },
  },
  {
    method: 'any',
    path: `${API}/explain`,
    summary: 'Which route takes a request, and why not the ones before it',
    parameters: [
      { name: 'host', description: 'The Host header' },
      { name: 'path', description: 'The path; default `/`' },
      { name: 'port', description: 'The port of the proxy; default the first of DEFAULT_PORTS' },
      { name: 'header', description: '`Name: value`, as often as there are headers that matter' },
    ],
    answers: { 200: answerOf('The route and those tried before it', 'Explanation') },
  },
  {
    method: 'any',
    path: `${API}/fingerprint`,
    summary: 'Equal texts on replicas that serve equal services and certificates',
    answers: { 200: answerOf('A fingerprint of each', 'Fingerprints') },
  },
  {
    method: 'any',
    path: `${API}/openapi.json`,
    summary: 'This description',
    answers: { 200: 'OpenAPI 3.1' },
  },
  {
    method: 'any',
    path: `${API}/ping`,
    summary: '200',
    answers: { 200: answer('The API is there') },
  },
  {
    method: 'any',
    path: `${API}/successfulinitreload`,
    summary: '200 once the services were fetched from a listener, 500 before',
    answers: { 200: answerWithoutBody('Fetched'), 500: 'Not yet, or no listener' },
  },
  {
    method: 'any',
    path: '/metrics',
    summary: 'Metrics of the program, and of HAProxy under the names of the old exporter',
    answers: { 200: 'Prometheus text' },
    contentType: PLAIN,
  },
  {
    method: 'any',
    path: '/readyz',
    summary: '200 when a configuration is in force',
    answers: { 200: answerOf('Ready', 'Readiness'), 503: answerOf('Not yet, with the reason', 'Readiness') },
  },
  {
    method: 'any',
    path: '/v1/test',
    summary: '200; kept for tests of old',
    answers: { 200: answer('Test v1') },
  },
  {
    method: 'any',
    path: '/v2/test',
    summary: '200; kept for tests of old',
    answers: { 200: answer('Test v2') },
  },
];

/** What the proxy answers. */
export const ENDPOINTS: readonly ApiEndpoint[] = [...SERVICES, ...CERTIFICATES, ...QUESTIONS];

/** The OpenAPI description of the routes. */
export function openApiDocument() {
  return describeApi({
    title: 'Docker Flow Proxy',
    description:
      'Keeps HAProxy configured from the labels of Swarm services. Any HTTP method does what GET does. With API_TOKEN set, all paths but health checks and metrics ask for it.',
    hasToken: true,
    endpoints: ENDPOINTS,
    schemas: SCHEMAS,
  });
}
