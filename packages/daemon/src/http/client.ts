import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { createSecureContext, rootCertificates } from 'node:tls';
import axios, {
  AxiosHeaders,
  isAxiosError,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios';
import { UpstreamError, messageOf } from '../errors.js';
import { redactText } from '../log/redact.js';
import { redirectedRequest, type Redirects } from './redirect.js';

export interface HttpRequest {
  readonly method?: string;
  /** A user name and password in it become a header. With `socketPath` only its path and query count. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
  readonly signal?: AbortSignal;
  /** For the whole attempt, redirects included; the client's own limit when absent. */
  readonly timeoutMs?: number;
  /** `go-like` when absent. */
  readonly redirects?: Redirects;
  /** Asks over this unix socket; redirects are not followed then. */
  readonly socketPath?: string;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpClient {
  /**
   * Any status is an answer.
   *
   * @throws {UpstreamError} when no whole answer came in time; `cause.code` tells why
   */
  request(request: HttpRequest): Promise<HttpResponse>;
}

export interface HttpClientOptions {
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs: number;
  readonly maxResponseBytes?: number;
  /** What is made of an answer longer than `maxResponseBytes`: an error, or its beginning. */
  readonly longAnswers?: 'reject' | 'cut';
  readonly userAgent?: string;
  /** PEM of authorities that are trusted beside those that are built in. */
  readonly ca?: string | undefined;
}

const TEN_MEGABYTES = 10 * 1024 * 1024;
/** The first one included, as Go's client counts. */
const MAX_REQUESTS = 10;
/** Node's longest timer; stands for no limit. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * axios's connections with a limit on the whole attempt and on the size of an answer, kept-alive connections, the proxies of
 * `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, and answers as text. A connection that the server closed while it
 * was kept open for us is replaced and the request sent again: what our programs send may arrive twice.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { timeoutMs, maxResponseBytes = TEN_MEGABYTES, longAnswers = 'reject' } = options;
  const dial = createDial(options.userAgent ?? 'docker-flow', options.ca);

  async function attempt(first: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    let request = withCredentialsAsHeader(first);
    for (let requests = 1; ; requests += 1) {
      const response = await send(dial, request, signal);
      const { text, isWhole } = await readBeginning(response.data, maxResponseBytes);
      const next = isFollowing(request) ? redirectedRequest(request, response) : undefined;
      if (next === undefined) {
        if (!isWhole && longAnswers === 'reject')
          throw new Error(`the answer is longer than ${maxResponseBytes} bytes`);
        return { status: response.status, headers: headersOf(response), body: text };
      }
      if (requests >= MAX_REQUESTS) throw new Error(`stopped after ${MAX_REQUESTS} redirects`);
      request = withCredentialsAsHeader(next);
    }
  }

  return {
    async request(request) {
      const limitMs = Math.min(request.timeoutMs ?? timeoutMs, LONGEST_TIMER_MS);
      const limit = new AbortController();
      const cancel = () => limit.abort();
      const timer = setTimeout(cancel, limitMs);
      request.signal?.addEventListener('abort', cancel, { once: true });
      if (request.signal?.aborted) cancel();
      try {
        return await attempt(request, limit.signal);
      } catch (error) {
        const isLate = limit.signal.aborted && !request.signal?.aborted;
        const reason = isLate ? `no answer within ${limitMs} ms` : reasonOf(error);
        const { method = 'GET', url } = request;
        throw new UpstreamError(`${method} ${redactText(url)}: ${redactText(reason)}`, {
          cause: withoutRequest(error),
        });
      } finally {
        clearTimeout(timer);
        request.signal?.removeEventListener('abort', cancel);
      }
    },
  };
}

type Dial = (
  request: Pick<HttpRequest, 'headers'> &
    Pick<InternalAxiosRequestConfig, 'method' | 'url' | 'data' | 'signal' | 'socketPath' | 'proxy'>,
) => Promise<AxiosResponse<Readable>>;

/**
 * axios's adapter for Node, asked directly: merging settings, interceptors and transformations, of which we use none, cost more
 * than the request itself. Sizes and redirects are our own business, too: axios knows no beginnings of answers, and not Go's
 * rules.
 */
function createDial(userAgent: string, ca: string | undefined): Dial {
  const adapter = axios.getAdapter('http');
  // Made once: reading all authorities takes a hundredth of a second, and would be done for each connection.
  const trust =
    ca === undefined ? {} : { secureContext: createSecureContext({ ca: [...rootCertificates, ca] }) };
  const settings = {
    maxContentLength: -1,
    maxBodyLength: -1,
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true, ...trust }),
    responseType: 'stream',
    maxRedirects: 0,
    validateStatus: () => true,
  } as const;
  const common = { Accept: '*/*', 'Accept-Encoding': false, 'User-Agent': userAgent };
  return ({ headers, ...request }) =>
    adapter({ ...settings, ...request, headers: new AxiosHeaders({ ...common, ...headers }) });
}

async function send(
  dial: Dial,
  { method = 'GET', url, headers, body, socketPath }: HttpRequest,
  signal: AbortSignal,
): Promise<AxiosResponse<Readable>> {
  const isDirect = socketPath !== undefined || isLoopback(new URL(url));
  for (;;) {
    try {
      return await dial({
        method,
        url,
        ...(headers === undefined ? {} : { headers }),
        data: body,
        signal,
        ...(socketPath === undefined ? {} : { socketPath }),
        ...(isDirect ? { proxy: false } : {}),
      });
    } catch (error) {
      if (!wasClosedWhileIdle(error)) throw error;
    }
  }
}

function isFollowing({ redirects = 'go-like', socketPath }: HttpRequest): boolean {
  return redirects === 'go-like' && socketPath === undefined;
}

/** A kept-alive connection that the server closed as we picked it up; a fresh one is never that. */
function wasClosedWhileIdle(error: unknown): boolean {
  if (!isAxiosError(error) || (error.code !== 'ECONNRESET' && error.code !== 'EPIPE')) return false;
  return (error.request as { reusedSocket?: unknown } | undefined)?.reusedSocket === true;
}

/** What is on this machine is never asked through a proxy, as with Go's client. */
function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

/** User name and password of the URL as a header, unless the caller has one. */
function withCredentialsAsHeader(request: HttpRequest): HttpRequest {
  const url = new URL(request.url);
  const { username, password } = url;
  if (username === '' && password === '') return request;
  url.username = '';
  url.password = '';
  const pair = `${decode(username)}:${decode(password)}`;
  const Authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  return { ...request, url: url.href, headers: { Authorization, ...request.headers } };
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

function headersOf({ headers }: AxiosResponse): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const),
  );
}

/** The whole body lets the connection be used again; of one that is too long the beginning is enough. */
async function readBeginning(
  body: Readable,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > maxBytes) break;
  }
  const bytes = Buffer.concat(chunks);
  return { text: bytes.subarray(0, maxBytes).toString('utf8'), isWhole: length <= maxBytes };
}

function reasonOf(error: unknown): string {
  // A host with several addresses that all refuse has an error without a text.
  if (isAxiosError(error)) return error.message || (error.code ?? error.name);
  return messageOf(error);
}

/** The same without axios's copy of the request, which holds passwords and bodies. */
function withoutRequest(error: unknown): unknown {
  if (!axios.isCancel(error) && !isAxiosError(error)) return error;
  const { cause, message, code } = error as Error & { code?: unknown };
  return cause instanceof Error ? cause : Object.assign(new Error(message), { code });
}
