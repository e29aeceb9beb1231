/**
 * Upper bounds in seconds. The alert shortcuts `@resp_time_above:0.1,…` and `@resp_time_below:0.025,…`
 * compare `le` as text, so a bound that alerts ask for has to stand here, written as the label writes it.
 */
export const RESPONSE_TIME_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Paths that the platform asks for, over and over: their answers say nothing about the service. */
const UNMEASURED = new Set(['/metrics', '/healthz', '/readyz']);

/** Metric label values of one request. Each comes from a small fixed set, whatever clients send. */
export interface RequestKind {
  readonly method: string;
  readonly path: string;
}

/** `undefined` for requests that are not measured; unknown paths and methods are `other`. */
export function requestKind(
  method: string,
  path: string,
  routes: ReadonlySet<string>,
): RequestKind | undefined {
  if (UNMEASURED.has(path)) return undefined;
  return { method: METHODS.has(method) ? method : 'other', path: routes.has(path) ? path : 'other' };
}

/** The status of an answer, or nginx's 499 when the client went away before it had all of it. */
export function responseCode(status: number, complete: boolean): string {
  return complete ? String(status) : '499';
}
