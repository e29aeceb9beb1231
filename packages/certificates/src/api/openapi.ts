import { describeApi, type ApiEndpoint } from '@docker-flow/daemon/http/openapi';
import { CATALOGUE } from '@docker-flow/labels';

/** Everything of the program lies below this path. */
export const API = '/v1/docker-flow-certificates';

const SERVICE = { name: 'serviceName', description: 'Name of the service', required: true };
const LABELS = CATALOGUE.certificates.map(({ name, description }) => ({
  name,
  description,
  required: false,
}));

/** What the program answers. */
export const ENDPOINTS: readonly ApiEndpoint[] = [
  {
    method: 'any',
    path: `${API}/ping`,
    summary: '200, also without authority, listener and proxy',
    answers: { 200: 'The program runs' },
  },
  {
    method: 'any',
    path: `${API}/reconfigure`,
    summary: 'A service is there or has changed: the parameters of a notification of swarm-listener',
    parameters: [SERVICE, ...LABELS],
    answers: { 200: 'Heard; what is wrong with a label is in status', 400: 'serviceName is missing' },
  },
  {
    method: 'any',
    path: `${API}/remove`,
    summary: 'A service is gone; its certificate stays until a day after its expiry',
    parameters: [SERVICE],
    answers: { 200: 'Heard', 400: 'serviceName is missing' },
  },
  {
    method: 'GET',
    path: `${API}/status`,
    summary: 'Account, authority, proxies and every certificate with its problem; never a key',
    answers: { 200: 'Status' },
  },
  {
    method: 'POST',
    path: `${API}/renew`,
    summary:
      'Orders now, despite back-off and window, but not despite limits and what the authority asks to wait',
    parameters: [
      { name: 'service', description: 'All certificates of this service', required: false },
      { name: 'certName', description: 'This certificate', required: false },
    ],
    answers: {
      202: 'It is ordered',
      404: 'No such certificate is wanted',
      405: 'Any other method than POST',
    },
  },
  {
    method: 'GET',
    path: `${API}/openapi.json`,
    summary: 'This description',
    answers: { 200: 'OpenAPI 3.1' },
  },
];

/** The OpenAPI description of the routes. */
export function openApiDocument() {
  return describeApi({
    title: 'Docker Flow Certificates',
    description:
      'Orders certificates for services that ask by label, hands them to every proxy and renews them. With API_TOKEN set, all paths but ping ask for it.',
    hasToken: true,
    endpoints: ENDPOINTS,
  });
}
