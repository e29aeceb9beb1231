import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { UpstreamError, messageOf } from '../errors.js';
import type { HttpClient, HttpClientOptions, HttpRequest, HttpResponse } from './client.js';
import { redactText } from '../log/redact.js';

export interface DirectHttpClientOptions extends HttpClientOptions {
  /** What is made of an answer longer than `maxResponseBytes`: an error, or its beginning. */
  readonly longAnswers?: 'refuse' | 'cut';
}

const TEN_MEGABYTES = 10 * 1024 * 1024;
/** Node's longest timer; stands for no limit. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/**
 * Node's own HTTP with kept-alive connections: no proxies, no redirects. axios does more, but takes 10 MB of
 * memory, and 40 % more processor time for thousands of requests at once; see `createLightHttpClient`.
 */
export function createDirectHttpClient(options: DirectHttpClientOptions): HttpClient {
  const { maxResponseBytes = TEN_MEGABYTES, longAnswers = 'refuse', userAgent = 'docker-flow' } = options;
  const agents = {
    http: new HttpAgent({ keepAlive: true }),
    https: new HttpsAgent({ keepAlive: true }),
  };

  async function request(asked: HttpRequest): Promise<HttpResponse> {
    const { method = 'GET', url, body, signal } = asked;
    const timeoutMs = asked.timeoutMs ?? options.timeoutMs;
    const target = new URL(url);
    const secure = target.protocol === 'https:';
    const limit = new AbortController();
    const cancel = () => limit.abort();
    const timer = setTimeout(cancel, Math.min(timeoutMs, NO_LIMIT_MS));
    signal?.addEventListener('abort', cancel, { once: true });
    if (signal?.aborted) cancel();
    const call: RequestOptions = {
      method,
      agent: secure ? agents.https : agents.http,
      hostname: target.hostname.replace(/^\[|\]$/g, ''),
      port: target.port,
      path: target.pathname + target.search,
      headers: {
        Host: target.host,
        Accept: '*/*',
        'User-Agent': userAgent,
        ...credentialsOf(target),
        ...asked.headers,
      },
      signal: limit.signal,
    };
    let sent: ReturnType<typeof httpRequest> | undefined;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        sent = secure ? httpsRequest(call, resolve) : httpRequest(call, resolve);
        sent.on('error', reject);
        sent.end(body);
      });
      const answer = await readStart(response, maxResponseBytes);
      if (answer.isCut && longAnswers === 'refuse')
        throw new Error(`the answer is longer than ${maxResponseBytes} bytes`);
      return { status: response.statusCode ?? 0, headers: headersOf(response), body: answer.text };
    } catch (error) {
      const late = limit.signal.aborted && !signal?.aborted;
      const reason = late ? `no answer within ${timeoutMs} ms` : messageOf(error);
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

/** User name and password of a URL, which Node leaves to the caller. */
function credentialsOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decode(username)}:${decode(password)}`;
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** A lone percent sign stands for itself. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}

function headersOf(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    ),
  );
}

/** The whole body lets the connection be used again; of one that is too long the beginning is enough. */
async function readStart(
  response: IncomingMessage,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks);
  return { text: bytes.subarray(0, maxBytes).toString('utf8'), isCut: length > maxBytes };
}
