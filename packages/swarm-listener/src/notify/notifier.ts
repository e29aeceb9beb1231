import { notificationUrl } from '@docker-flow/labels';
import { UpstreamError } from '@docker-flow/daemon/errors';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Delivery } from '../core/notifications/delivery.js';
import type { ReceiverResponse, Notifier } from '../ports.js';

/** The first one included, as Go's client counts. */
const MAX_REQUESTS = 10;
/** Node's longest timer; stands for no limit. */
const NO_LIMIT_MS = 2 ** 31 - 1;

export interface NotifierOptions {
  /** For one attempt, redirects included; 0: none. */
  readonly timeoutMs: number;
}

/**
 * Sends one notification: everything is in the query, there is no body. Redirects are followed as Go's
 * client does, which the originals were built on: after 301, 302 and 303 any method but GET and HEAD
 * becomes GET, and another host does not get the password.
 */
export function createNotifier(http: HttpClient, { timeoutMs }: NotifierOptions): Notifier {
  return {
    async send({ receiver, parameters }: Delivery, signal: AbortSignal): Promise<ReceiverResponse> {
      const limitMs = timeoutMs > 0 ? timeoutMs : NO_LIMIT_MS;
      const deadline = performance.now() + limitMs;
      let url = notificationUrl(receiver.url, parameters);
      let { method } = receiver;
      let headers: Readonly<Record<string, string>> =
        receiver.authorization === undefined ? {} : { Authorization: receiver.authorization };
      for (let requests = 1; ; requests += 1) {
        const leftMs = Math.max(1, Math.min(NO_LIMIT_MS, Math.ceil(deadline - performance.now())));
        const request = { method, url, headers, signal, timeoutMs: leftMs, maxRedirects: 0 };
        const answer = await http.request(request).catch((error: unknown) => {
          if (!brokeWhileIdle(error)) throw error;
          return http.request(request);
        });
        const next = redirectTarget(answer.status, answer.headers['location'], url);
        if (next === undefined) return { status: answer.status, body: answer.body };
        if (requests >= MAX_REQUESTS)
          throw new UpstreamError(`${receiver.url}: stopped after ${MAX_REQUESTS} redirects`);
        if (answer.status < 307 && method !== 'GET' && method !== 'HEAD') method = 'GET';
        if (!isSameSite(next, url)) headers = {};
        url = next.toString();
      }
    },
  };
}

function redirectTarget(status: number, location: string | undefined, from: string): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return undefined;
  if (!URL.canParse(location, from)) return undefined;
  const target = new URL(location, from);
  return target.protocol === 'http:' || target.protocol === 'https:' ? target : undefined;
}

function isSameSite(target: URL, from: string): boolean {
  const { hostname } = new URL(from);
  return target.hostname === hostname || target.hostname.endsWith(`.${hostname}`);
}

/** A kept-alive connection that the receiver closed as we picked it up: nothing was lost, so ask at once again. */
function brokeWhileIdle(error: unknown): boolean {
  const { code, request } = (error instanceof UpstreamError ? error.cause : {}) as {
    code?: unknown;
    request?: { reusedSocket?: unknown };
  };
  return request?.reusedSocket === true && (code === 'ECONNRESET' || code === 'EPIPE');
}
