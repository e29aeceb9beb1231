import { readRows, type Parameters } from '@docker-flow/labels';
import { UpstreamError } from '../errors.js';
import type { HttpClient } from '../http/client.js';

export type Rows =
  | { readonly kind: 'unchanged' }
  | {
      readonly kind: 'rows';
      readonly rows: readonly Parameters[];
      /** Services of which no task runs right now; absent: the listener does not tell them from those that are gone. */
      readonly notRunning?: readonly Parameters[];
      readonly etag: string | undefined;
    };

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

interface AskOptions {
  readonly etag?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly token?: string | undefined;
}

const TIMEOUT_MS = 30_000;

/** `http://` and `https://` addresses are used as given, `host:port` gets `http://`, a bare host also port 8080. */
export function listenerUrl(address: string): string {
  if (/^https?:\/\//.test(address)) return address.replace(/\/+$/, '');
  return /:[0-9]+$/.test(address) ? `http://${address}` : `http://${address}:8080`;
}

/** Asks one swarm-listener over HTTP; shows it `token`, or the name and password of its address. */
export function createListenerClient(
  http: HttpClient,
  address: string,
  { token }: { readonly token?: string | undefined } = {},
): ListenerClient {
  const url = listenerUrl(address);
  const shown = withoutUser(url);
  return {
    address: shown,
    getServices: ({ etag, signal } = {}) =>
      getRows(http, `${url}/v1/docker-flow-swarm-listener/get-services?notRunning=true`, {
        etag,
        signal,
        // What the address says is meant for this very listener.
        token: shown === url ? token : undefined,
      }),
  };
}

/** An address without name and password, for messages and metrics. */
export function withoutUser(address: string): string {
  return address.replace(/^([a-z]+:\/\/)[^/?#]*@/i, '$1');
}

/**
 * One GET that answers an array of flat objects (`get-services`, `get-nodes`), or an object that holds it as `services`.
 *
 * @throws {UpstreamError} on a broken connection, a status other than 200 and 304, or no JSON array
 */
export async function getRows(
  http: HttpClient,
  url: string,
  { etag, signal, token }: AskOptions = {},
): Promise<Rows> {
  const headers = {
    ...(etag === undefined ? {} : { 'If-None-Match': etag }),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
  };
  const response = await http.request({ url, headers, timeoutMs: TIMEOUT_MS, ...(signal ? { signal } : {}) });
  const shown = withoutUser(url);
  if (response.status === 304) return { kind: 'unchanged' };
  if (response.status !== 200) throw new UpstreamError(`GET ${shown}: status ${response.status}`);
  let body: unknown;
  try {
    body = JSON.parse(response.body);
  } catch (error) {
    throw new UpstreamError(`GET ${shown}: no JSON`, { cause: error });
  }
  const { services = body, notRunning } = isObject(body) ? body : {};
  const rows = readRows(services);
  if (!rows) throw new UpstreamError(`GET ${shown}: no JSON array`);
  const others = readRows(notRunning);
  return { kind: 'rows', rows, ...(others ? { notRunning: others } : {}), etag: response.headers['etag'] };
}

function isObject(body: unknown): body is Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
