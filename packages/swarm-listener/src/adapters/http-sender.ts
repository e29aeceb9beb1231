import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { UpstreamError, messageOf } from '@docker-flow/daemon/errors';
import type { HttpClient, HttpRequest, HttpResponse } from '@docker-flow/daemon/http-client';
import { redactText } from '@docker-flow/daemon/redact';

/** Answers of receivers are only shown in the log; what is longer is left unread. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Requests without a body, never redirected. A start-up sweep is thousands of requests at once: with axios
 * it takes 40 % more processor time and 10 MB more memory, which would be above what we allow ourselves. So axios
 * is used only where there is a proxy on the way.
 */
export function createHttpSender({ userAgent }: { readonly userAgent: string }): HttpClient {
  const agents = {
    'http:': new HttpAgent({ keepAlive: true }),
    'https:': new HttpsAgent({ keepAlive: true }),
  };

  async function request({
    method = 'GET',
    url,
    headers,
    signal,
    timeoutMs,
  }: HttpRequest): Promise<HttpResponse> {
    const target = new URL(url);
    const secure = target.protocol === 'https:';
    const limit = new AbortController();
    const cancel = () => limit.abort();
    const timer = timeoutMs === undefined ? undefined : setTimeout(cancel, timeoutMs);
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    const options: RequestOptions = {
      method,
      agent: secure ? agents['https:'] : agents['http:'],
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port,
      path: target.pathname + target.search,
      headers: { Host: target.host, Accept: '*/*', 'User-Agent': userAgent, ...headers },
      signal: limit.signal,
    };
    let sent: ReturnType<typeof httpRequest> | undefined;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        sent = secure ? httpsRequest(options, resolve) : httpRequest(options, resolve);
        sent.on('error', reject);
        sent.end();
      });
      return {
        status: response.statusCode ?? 0,
        headers: headersOf(response),
        body: await readStart(response),
      };
    } catch (error) {
      const late = limit.signal.aborted && !signal?.aborted;
      const reason = late ? `no answer within ${timeoutMs ?? 0} ms` : messageOf(error);
      const cause = Object.assign(error instanceof Error ? error : new Error(String(error)), {
        request: { reusedSocket: sent?.reusedSocket ?? false },
      });
      throw new UpstreamError(`${method} ${redactText(url)}: ${redactText(reason)}`, { cause });
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
    }
  }

  return { request };
}

function headersOf(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    ),
  );
}

/** The whole body lets the connection be used again; of one that does not end the beginning is enough. */
async function readStart(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > MAX_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** For receivers behind a proxy: the general client, loaded when it is needed. */
export function createProxiedSender({ userAgent }: { readonly userAgent: string }): HttpClient {
  let client: Promise<HttpClient> | undefined;
  return {
    async request(request) {
      client ??= import('@docker-flow/daemon/http-client').then(({ createHttpClient }) =>
        // Each request brings its own limit.
        createHttpClient({ timeoutMs: 30_000, userAgent }),
      );
      return (await client).request(request);
    },
  };
}
