import type { Endpoint } from '../endpoints-page.js';

const BASE = '/v1/docker-flow-swarm-listener';

/** What swarm-listener answers. */
export const LISTENER_ENDPOINTS: readonly Endpoint[] = [
  { method: 'any', path: `${BASE}/ping`, says: '200 `{"Status":"OK"}`, without asking Docker.' },
  {
    method: 'any',
    path: `${BASE}/notify-services`,
    says: 'Answers at once, then sends every service to its receivers again.',
  },
  {
    method: 'any',
    path: `${BASE}/get-services`,
    says: 'Every service of interest that runs, as a JSON array of objects with the parameters of a notification; with an `ETag` that changes when the content does.',
  },
  {
    method: 'any',
    path: `${BASE}/get-nodes`,
    says: 'Every node, as a JSON array of objects with the parameters of a notification; with an `ETag`.',
  },
  {
    method: 'any',
    path: `${BASE}/status`,
    says: "How many services and nodes are known, and `warnings`: what of services' labels is written and not in force, each with service, label, value, problem and what would be right.",
  },
  {
    method: 'any',
    path: `${BASE}/ready`,
    says: 'The same as `/readyz`: whether Docker answers and everything was looked at once, and which stream is down since when.',
  },
];
