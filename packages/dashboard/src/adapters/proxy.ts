import type { HttpClient } from '@docker-flow/daemon/http/client';
import { z } from 'zod/v3';
import { ProxyStatus, proxyReading } from '../core/readings/proxy.js';
import type { RouteExplainer, Source } from '../ports.js';
import { getJson } from './get-json.js';
import { createStatusSource } from './status-source.js';

/** Asks the proxy, of which any replica says the same. */
export function createProxySource(http: HttpClient, address: string): Source<'proxy'> {
  return createStatusSource(http, {
    name: 'proxy',
    url: `${address}/v1/docker-flow-proxy/status`,
    schema: ProxyStatus,
    toReading: proxyReading,
  });
}

export function createRouteExplainer(http: HttpClient, address: string): RouteExplainer {
  return {
    explain({ host, path }) {
      const query = new URLSearchParams({ host, path }).toString();
      return getJson(http, `${address}/v1/docker-flow-proxy/explain?${query}`, z.record(z.unknown()));
    },
  };
}
