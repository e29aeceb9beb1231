import { readRows, type Parameters } from '@docker-flow/labels';
import { UpstreamError } from '../errors.js';
import type { HttpClient } from '../http/client.js';

export type Rows =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'rows'; readonly rows: readonly Parameters[]; readonly etag: string | undefined };

export interface ListenerClient {
  /** Where the listener is, for messages. */
  readonly address: string;
  /**
   * All services the listener knows. With the `etag` of an earlier answer: `unchanged` when nothing is new.
   *
   * @throws {UpstreamError} on a broken connection, a status other than 200 and 304, or no JSON array
   */
  getServices(options?: { readonly etag?: string | undefined; readonly signal?: AbortSignal }): Promise<Rows>;
}

const TIMEOUT_MS = 30_000;

/** `http://` and `https://` addresses are used as given, `host:port` gets `http://`, a bare host also port 8080. */
export function listenerUrl(address: string): string {
  if (/^https?:\/\//.test(address)) return address.replace(/\/+$/, '');
  return /:[0-9]+$/.test(address) ? `http://${address}` : `http://${address}:8080`;
}

/** Asks one swarm-listener over HTTP. */
export function createListenerClient(http: HttpClient, address: string): ListenerClient {
  const url = listenerUrl(address);
  return {
    address: url,
    getServices: ({ etag, signal } = {}) =>
      getRows(http, `${url}/v1/docker-flow-swarm-listener/get-services`, etag, signal),
  };
}

/**
 * One GET that answers an array of flat objects (`get-services`, `get-nodes`).
 *
 * @throws {UpstreamError} on a broken connection, a status other than 200 and 304, or no JSON array
 */
export async function getRows(
  http: HttpClient,
  url: string,
  etag?: string,
  signal?: AbortSignal,
): Promise<Rows> {
  const headers: Record<string, string> = etag === undefined ? {} : { 'If-None-Match': etag };
  const response = await http.request({ url, headers, timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) });
  if (response.status === 304) return { kind: 'unchanged' };
  if (response.status !== 200) throw new UpstreamError(`GET ${url}: status ${response.status}`);
  let body: unknown;
  try {
    body = JSON.parse(response.body);
  } catch (error) {
    throw new UpstreamError(`GET ${url}: no JSON`, { cause: error });
  }
  const rows = readRows(body);
  if (!rows) throw new UpstreamError(`GET ${url}: no JSON array`);
  return { kind: 'rows', rows, etag: response.headers['etag'] };
}
