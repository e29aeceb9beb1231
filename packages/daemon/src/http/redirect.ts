/**
 * `none`: a redirect is an answer like any other. `go-like`: followed as Go's client does, which the original
 * programs were built on: after 301, 302 and 303 any method but GET and HEAD becomes GET without a body, and
 * another host does not get the password.
 */
export type Redirects = 'none' | 'go-like';

export interface RedirectedRequest {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
}

interface Answer {
  readonly status: number;
  /** Names in small letters. */
  readonly headers: Readonly<Record<string, unknown>>;
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];
const SECRET_HEADER = /^(authorization|proxy-authorization|www-authenticate|cookie2?)$/i;
const CONTENT_HEADER = /^content-/i;

/** What Go's client asks next after an answer; `undefined` when the answer is the last one. */
export function redirectedRequest<T extends RedirectedRequest>(request: T, answer: Answer): T | undefined {
  const target = targetOf(answer, request.url);
  if (target === undefined) return undefined;
  const { method = 'GET' } = request;
  const isMoved = answer.status < 307 && method !== 'GET' && method !== 'HEAD';
  const headers = Object.entries(request.headers ?? {}).filter(
    ([name]) =>
      !(isMoved && CONTENT_HEADER.test(name)) &&
      (isSameSite(target, request.url) || !SECRET_HEADER.test(name)),
  );
  const next = { ...request, url: target.href, headers: Object.fromEntries(headers) };
  if (!isMoved) return next;
  return { ...next, method: 'GET', body: undefined };
}

function targetOf({ status, headers: { location } }: Answer, from: string): URL | undefined {
  if (!REDIRECTS.includes(status) || typeof location !== 'string') return undefined;
  if (!URL.canParse(location, from)) return undefined;
  const target = new URL(location, from);
  return target.protocol === 'http:' || target.protocol === 'https:' ? target : undefined;
}

/** The same host or one below it. */
function isSameSite(target: URL, from: string): boolean {
  const { hostname } = new URL(from);
  return target.hostname === hostname || target.hostname.endsWith(`.${hostname}`);
}
