import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance } from 'axios';
import { UpstreamError } from '../errors.js';
import { redactText } from '../log/redact.js';

export interface HttpRequest {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly maxRedirects?: number;
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
  readonly userAgent?: string;
}

const TEN_MEGABYTES = 10 * 1024 * 1024;

/** axios with a limit on time and size, kept-alive connections, and answers as text. */
export function createHttpClient({
  timeoutMs,
  maxResponseBytes = TEN_MEGABYTES,
  userAgent = 'docker-flow',
}: HttpClientOptions): HttpClient {
  const client = axios.create({
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true }),
    responseType: 'text',
    transformResponse: (data: unknown) => data,
    transformRequest: (data: unknown) => data as string,
    validateStatus: () => true,
    maxContentLength: maxResponseBytes,
    headers: { common: { Accept: '*/*', 'User-Agent': userAgent } },
  });
  return { request: (request) => send(client, timeoutMs, request) };
}

async function send(
  client: AxiosInstance,
  defaultTimeoutMs: number,
  request: HttpRequest,
): Promise<HttpResponse> {
  const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
  // axios's own timeout does not cover connecting everywhere; the signal covers the whole attempt.
  const limit = AbortSignal.timeout(timeoutMs);
  const signal = request.signal ? AbortSignal.any([request.signal, limit]) : limit;
  try {
    const response = await client.request<string>({
      method: request.method ?? 'GET',
      url: request.url,
      headers: { ...request.headers },
      data: request.body,
      signal,
      maxRedirects: request.maxRedirects ?? 10,
    });
    const headers = Object.entries(response.headers).map(([name, value]) => [
      name.toLowerCase(),
      String(value),
    ]);
    return {
      status: response.status,
      headers: Object.fromEntries(headers) as Record<string, string>,
      body: response.data,
    };
  } catch (error) {
    const reason = limit.aborted
      ? `no answer within ${timeoutMs} ms`
      : error instanceof Error
        ? error.message || error.name
        : String(error);
    throw new UpstreamError(`${request.method ?? 'GET'} ${redactText(request.url)}: ${redactText(reason)}`, {
      cause: error,
    });
  }
}
