import type { HttpClient, HttpResponse } from '@docker-flow/daemon/http/client';
import { messageOf } from '@docker-flow/daemon/errors';
import { describeProblem, type AuthorityProblem, type NameProblem } from '../core/orders/failure.js';
import { AuthorityError } from '../ports.js';

export interface AuthorityRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
  readonly contentType: string | undefined;
}

/** Requests to one authority. */
export interface AuthorityHttp {
  /**
   * Any answer that is no error; also a refused nonce, which the protocol asks to repeat.
   *
   * @throws {AuthorityError} when the authority refused or did not answer, or the address is of another host
   */
  send(request: AuthorityRequest): Promise<HttpResponse>;
}

export interface AuthorityHttpOptions {
  readonly http: HttpClient;
  readonly directoryUrl: string;
  /** Time by which `Retry-After` with a date is read. */
  readonly nowMs: () => number;
  /** The time that an answer says it is. */
  readonly onDate: (ms: number) => void;
}

const TYPE_PREFIX = 'urn:ietf:params:acme:error:';
const SHORTEST_MS = 1_000;

export function createAuthorityHttp({
  http,
  directoryUrl,
  nowMs,
  onDate,
}: AuthorityHttpOptions): AuthorityHttp {
  const { host } = new URL(directoryUrl);
  return {
    async send({ method, url, body, contentType }) {
      if (!isOfHost(url, host))
        throw failure(`an address is of another host than ${host}`, { status: 0, type: 'malformed' });
      let response: HttpResponse;
      try {
        response = await http.request({
          method: method.toUpperCase(),
          url,
          body,
          redirects: 'none',
          ...(contentType === undefined ? {} : { headers: { 'Content-Type': contentType } }),
        });
      } catch (error) {
        throw failure(`the authority cannot be reached: ${messageOf(error)}`, {}, error);
      }
      const date = Date.parse(response.headers['date'] ?? '');
      if (Number.isFinite(date)) onDate(date);
      if (response.status >= 200 && response.status < 300) return response;
      const problem = problemOf(response, nowMs());
      if (problem.type === 'badNonce') return response;
      throw new AuthorityError(describeProblem(problem), problem);
    },
  };
}

function isOfHost(url: string, host: string): boolean {
  try {
    return new URL(url).host === host;
  } catch {
    return false;
  }
}

function failure(detail: string, about: Partial<AuthorityProblem>, cause?: unknown): AuthorityError {
  const problem = {
    status: undefined,
    type: undefined,
    subproblems: [],
    retryAfterMs: undefined,
    detail,
    ...about,
  };
  return Object.assign(new AuthorityError(detail, problem), cause === undefined ? {} : { cause });
}

/** What an answer with an error says. */
function problemOf({ status, headers, body }: HttpResponse, nowMs: number): AuthorityProblem {
  const retryAfterMs = readRetryAfter(headers['retry-after'], nowMs);
  const document = readProblem(readJson(body));
  if (document?.type === undefined)
    return {
      status,
      type: undefined,
      detail: `the authority answered with status ${status}`,
      subproblems: [],
      retryAfterMs,
    };
  return { ...document, status, retryAfterMs };
}

/** `Retry-After` in seconds or as a date, as milliseconds from now on. */
export function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  if (/^\s*[0-9]{1,9}\s*$/.test(text)) return Number(text) * 1_000;
  const date = Date.parse(text);
  return Number.isFinite(date) ? Math.max(SHORTEST_MS, date - nowMs) : undefined;
}

/** A problem document (RFC 7807) as authorities use it; `undefined` when it is none. */
export function readProblem(document: unknown): Omit<AuthorityProblem, 'retryAfterMs'> | undefined {
  if (typeof document !== 'object' || document === null) return undefined;
  const { type, detail, status, subproblems } = document as Record<string, unknown>;
  return {
    status: typeof status === 'number' ? status : 0,
    type: shortType(type),
    detail: typeof detail === 'string' ? detail : '',
    subproblems: Array.isArray(subproblems) ? subproblems.flatMap(readSubproblem) : [],
  };
}

function shortType(type: unknown): string | undefined {
  return typeof type === 'string' && type.startsWith(TYPE_PREFIX)
    ? type.slice(TYPE_PREFIX.length)
    : undefined;
}

function readSubproblem(one: unknown): readonly NameProblem[] {
  if (typeof one !== 'object' || one === null) return [];
  const { type, detail, identifier } = one as Record<string, unknown>;
  const value = (identifier as { readonly value?: unknown } | undefined)?.value;
  return [
    {
      name: typeof value === 'string' ? value : undefined,
      type: shortType(type),
      detail: typeof detail === 'string' ? detail : '',
    },
  ];
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
