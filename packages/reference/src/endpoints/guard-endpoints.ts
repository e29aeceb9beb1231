import type { Endpoint } from '../endpoints-page.js';

/** What docker-guard lets through; paths may begin with a version such as `/v1.44`. */
export const GUARD_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/_ping', says: 'As Docker.' },
  { method: 'GET', path: '/version', says: 'As Docker.' },
  {
    method: 'GET',
    path: '/info',
    says: 'Of the answer of Docker `ID`, `ServerVersion` and whether this is a manager.',
  },
  { method: 'GET', path: '/services', parameters: '`filters`, `status`', says: 'As Docker.' },
  { method: 'GET', path: '/services/NAME', parameters: '`insertDefaults`', says: 'As Docker.' },
  { method: 'GET', path: '/tasks', parameters: '`filters`', says: 'As Docker.' },
  { method: 'GET', path: '/nodes', parameters: '`filters`', says: 'As Docker.' },
  { method: 'GET', path: '/nodes/ID', says: 'As Docker.' },
  {
    method: 'GET',
    path: '/events',
    parameters: '`filters`, `since`, `until`',
    says: 'As Docker, when the filter asks for types `service` and `node` only.',
  },
  {
    method: 'POST',
    path: '/services/NAME/update',
    parameters: '`version`, `registryAuthFrom=spec`',
    says: 'As Docker, when nothing differs from the spec that is there but the replica count, `TaskTemplate.ForceUpdate`, or the date in `RESCHEDULE_ENV_KEY`.',
  },
];
