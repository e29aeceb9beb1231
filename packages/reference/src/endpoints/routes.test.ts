import { expect, test } from '@jest/globals';
import express, { type Express } from 'express';
import * as certificates from '@docker-flow/certificates';
import * as demo from '@docker-flow/demo';
import { GUARDED_ROUTES } from '@docker-flow/docker-guard';
import * as proxy from '@docker-flow/proxy-configurator';
import * as scaler from '@docker-flow/scaler';
import * as listener from '@docker-flow/swarm-listener';
import type { Endpoint } from '../endpoints-page.js';
import { DEMO_ENDPOINTS } from './demo-endpoints.js';
import { describedEndpoints } from './described-endpoints.js';
import { GUARD_ENDPOINTS } from './guard-endpoints.js';

/** Described once for all programs, at the head of the page. */
const COMMON = ['/healthz', '/readyz', '/metrics'];

/** Routes are only registered here, never asked: what they need at a request may be missing. */
const nothing = {} as never;

function registered(add: (app: Express) => void): readonly string[] {
  const app = express();
  add(app);
  const paths = app.router.stack.flatMap(({ route }) => (route ? [route.path] : []));
  return [...new Set(paths)].filter((path) => !COMMON.includes(path)).sort();
}

function described(endpoints: readonly Endpoint[]): readonly string[] {
  return [...new Set(endpoints.map(({ path }) => path))].filter((path) => !COMMON.includes(path)).sort();
}

// Monitor and dashboard compare what they describe with their routes in tests of their own.
test.each<[string, readonly Endpoint[], (app: Express) => void]>([
  ['swarm-listener', describedEndpoints(listener.ENDPOINTS), listener.createRoutes(nothing)],
  [
    'proxy',
    describedEndpoints(proxy.ENDPOINTS),
    (app) => proxy.addRoutes(app, nothing, { defaultPort: 80, token: undefined }),
  ],
  [
    'scaler',
    describedEndpoints(scaler.ENDPOINTS),
    (app) =>
      scaler.addRoutes(
        app,
        { prefix: '' },
        {
          ...({} as Parameters<typeof scaler.addRoutes>[2]),
          endpoints: { scaleNodes: nothing } as never,
        },
      ),
  ],
  ['certificates', describedEndpoints(certificates.ENDPOINTS), certificates.createRoutes(nothing, undefined)],
  ['demo', DEMO_ENDPOINTS, (app) => demo.addRoutes(app, nothing)],
])('the page has every endpoint of %s, and no other', (_program, endpoints, add) => {
  expect(described(endpoints)).toEqual(registered(add));
});

test('the page has what docker-guard lets through, and nothing else', () => {
  const described = GUARD_ENDPOINTS.map(({ method, path }) => `${method} ${path.replace(/NAME|ID/, '{}')}`);
  expect(described.sort()).toEqual([...GUARDED_ROUTES].sort());
});
