import type { Endpoint } from '../endpoints-page.js';

/** What the demo service answers. */
export const DEMO_ENDPOINTS: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/demo/hello',
    parameters: '`delay` (milliseconds)',
    says: '`hello, world!`, after a while if so asked.',
  },
  { method: 'GET', path: '/demo/random-error', says: '500 for one request in ten.' },
  { method: 'GET', path: '/demo/person', parameters: '`name`', says: 'Everybody, or one of them.' },
  { method: 'PUT', path: '/demo/person', parameters: '`name`', says: 'Remembers somebody.' },
];
