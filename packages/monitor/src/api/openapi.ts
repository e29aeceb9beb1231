import { labelParameters } from '@docker-flow/daemon/http/label-parameters';
import {
  answerOf,
  answerWithoutBody,
  describeApi,
  schemaNamed,
  type ApiEndpoint,
  type ApiParameter,
} from '@docker-flow/daemon/http/openapi';
import { CATALOGUE } from '@docker-flow/labels';
import { SCHEMAS } from './openapi-schemas.js';

/** Everything lies below this path. */
export const API = '/v1/docker-flow-monitor';

const NODE: ApiParameter = { name: 'id', description: 'Id of the node', required: true };
const SERVICE: ApiParameter = { name: 'serviceName', description: 'Name of the service', required: true };
const NOT_RUN = 'The change is stored but Prometheus does not run it';

function serviceAnswers(done: string): ApiEndpoint['answers'] {
  return {
    200: answerOf(done, 'ServiceAnswer'),
    400: answerOf(
      'serviceName is missing or not the name of a service; nothing has changed',
      'ServiceAnswer',
    ),
    500: answerOf(NOT_RUN, 'ServiceAnswer'),
  };
}

function nodeAnswers(done: string): ApiEndpoint['answers'] {
  return {
    200: answerOf(done, 'NodeAnswer'),
    400: answerOf('id is missing; nothing has changed', 'NodeAnswer'),
    500: answerOf(NOT_RUN, 'NodeAnswer'),
  };
}

function isThere(path: string): ApiEndpoint {
  return {
    method: 'any',
    path,
    summary: 'Answers when the API is there',
    answers: { 200: answerWithoutBody('Nothing to say') },
  };
}

/** What the monitor answers. */
export const ENDPOINTS: readonly ApiEndpoint[] = [
  isThere(`${API}/`),
  isThere(`${API}/ping`),
  {
    method: 'any',
    path: `${API}/reconfigure`,
    summary: 'Replaces the scrape job and all alerts of a service; answers when Prometheus runs them',
    parameters: [
      ...labelParameters(
        CATALOGUE.monitor,
        () => 'Alerts have no number or `.1`, `.2` and so on behind the name.',
      ),
      { name: 'dryRun', description: 'With `true` the rules are returned and nothing is installed' },
    ],
    answers: serviceAnswers('The service is live; rejected alerts are listed'),
  },
  {
    method: 'any',
    path: `${API}/remove`,
    summary: 'Removes the scrape job and the alerts of a service that are not persistent',
    parameters: [SERVICE],
    answers: serviceAnswers('The service is gone; what was removed is shown'),
  },
  {
    method: 'any',
    path: `${API}/node/reconfigure`,
    summary: 'Replaces the labels of a node. Labels named in DF_NODE_TARGET_LABELS are stored',
    parameters: [NODE],
    answers: nodeAnswers('The labels that are stored now'),
  },
  {
    method: 'any',
    path: `${API}/node/remove`,
    summary: 'Forgets the labels of a node',
    parameters: [NODE],
    answers: nodeAnswers('The labels that were stored, null for a node that was not known'),
  },
  {
    method: 'any',
    path: `${API}/status`,
    summary: 'Services, alerts (accepted and rejected, with reasons), nodes, and the last reload',
    answers: { 200: answerOf('What the monitor knows', 'Status') },
  },
  {
    method: 'any',
    path: `${API}/shortcuts`,
    summary: 'All alert shortcuts: names, values, and what they become',
    answers: {
      200: {
        description: 'Sorted by name',
        content: { 'application/json': { schema: { type: 'array', items: schemaNamed('Shortcut') } } },
      },
    },
  },
  {
    method: 'any',
    path: `${API}/openapi.json`,
    summary: 'This description',
    answers: { 200: 'OpenAPI 3.1' },
  },
];

/** The OpenAPI description of the routes. Every method is accepted; GET is described. */
export function openApiDocument() {
  return describeApi({
    title: 'Docker Flow Monitor',
    description:
      'Keeps Prometheus configured from the labels of Swarm services. Any HTTP method is accepted.',
    endpoints: ENDPOINTS,
    schemas: SCHEMAS,
  });
}
