import { openApiDocument } from '@docker-flow/dashboard';
import type { Endpoint } from '../endpoints-page.js';

/** What the dashboard answers, by its own OpenAPI document. */
export const DASHBOARD_ENDPOINTS: readonly Endpoint[] = [
  { method: 'GET', path: '/', says: 'The page.' },
  ...Object.entries(openApiDocument().paths).map(([path, { get }]) => {
    const names = get.parameters.filter((one) => one.in === 'query').map((one) => `\`${one.name}\``);
    return {
      method: 'GET',
      path: path.replace(/\{([a-z]+)\}/g, ':$1'),
      says: `${get.summary}.`,
      ...(names.length === 0 ? {} : { parameters: names.join(', ') }),
    };
  }),
];
