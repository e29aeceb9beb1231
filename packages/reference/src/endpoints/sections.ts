import * as certificates from '@docker-flow/certificates';
import * as dashboard from '@docker-flow/dashboard';
import * as monitor from '@docker-flow/monitor';
import * as proxy from '@docker-flow/proxy-configurator';
import * as scaler from '@docker-flow/scaler';
import * as listener from '@docker-flow/swarm-listener';
import type { EndpointSection } from '../endpoints-page.js';
import { DEMO_ENDPOINTS } from './demo-endpoints.js';
import { describedEndpoints } from './described-endpoints.js';
import { GUARD_ENDPOINTS } from './guard-endpoints.js';

const PROXY_LABELS = 'the [labels of the proxy](../../LABELS.md#proxy) without `com.df.`, `distribute`';
const MONITOR_LABELS = 'the [labels of the monitor](../../LABELS.md#monitor) without `com.df.`, `dryRun`';
const CERTIFICATE_LABELS =
  'the [labels of certificates](../../LABELS.md#certificates) and the domains of the proxy without `com.df.`';

/** The endpoints of every program. */
export const ENDPOINT_SECTIONS: readonly EndpointSection[] = [
  {
    title: 'swarm-listener',
    says: 'It only reads; whoever asks cannot change anything but when it speaks. The same as OpenAPI is at `/v1/docker-flow-swarm-listener/openapi.json`.',
    endpoints: describedEndpoints(listener.ENDPOINTS),
  },
  {
    title: 'proxy',
    says: 'With `API_TOKEN` set, all of these but health checks and metrics ask for it. With `distribute=true` a request is passed on to every replica. The same as OpenAPI is at `/v1/docker-flow-proxy/openapi.json`.',
    // The same of all programs is told at the head of the page.
    endpoints: describedEndpoints(
      proxy.ENDPOINTS.filter(({ path }) => path !== '/readyz'),
      PROXY_LABELS,
    ),
  },
  {
    title: 'monitor',
    says: 'The same as OpenAPI is at `/v1/docker-flow-monitor/openapi.json`.',
    endpoints: describedEndpoints(monitor.ENDPOINTS, MONITOR_LABELS),
  },
  {
    title: 'scaler',
    says: 'All of them also exist under `SERVER_PREFIX`, where people with a browser find [a page](../tutorials/auto-scaling.md#the-scaler) about services and activities. With a token set, every POST asks for it. The same as OpenAPI is at `/v1/openapi.json`.',
    endpoints: describedEndpoints(scaler.ENDPOINTS),
  },
  {
    title: 'docker-guard',
    says: 'Everything else is 403.',
    endpoints: GUARD_ENDPOINTS,
  },
  {
    title: 'certificates',
    says: 'With `API_TOKEN` set, all of these but `ping` ask for it. The same as OpenAPI is at `/v1/docker-flow-certificates/openapi.json`.',
    endpoints: describedEndpoints(certificates.ENDPOINTS, CERTIFICATE_LABELS),
  },
  {
    title: 'dashboard',
    says: 'All of them also exist under `SERVER_PREFIX`. Nothing changes anything. The same as OpenAPI is at `/v1/openapi.json`.',
    endpoints: [{ method: 'GET', path: '/', says: 'The page.' }, ...describedEndpoints(dashboard.ENDPOINTS)],
  },
  { title: 'demo', says: 'The service to try everything with.', endpoints: DEMO_ENDPOINTS },
];
