/** What a changing endpoint answers: `{"status":"OK|NOK","message":"…"}`, nothing else, as in the original. */
export interface EndpointResult {
  readonly httpStatus: number;
  readonly ok: boolean;
  readonly message: string;
  /** For metrics. */
  readonly result: 'changed' | 'unchanged' | 'refused' | 'failed';
  /** What does not fit the original's body: why, and where the activity is. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** 200: it was understood and nothing had to change. */
export function unchanged(message: string): EndpointResult {
  return { httpStatus: 200, ok: true, message, result: 'unchanged' };
}

/** 400: the request could not be understood. */
export function refused(message: string): EndpointResult {
  return { httpStatus: 400, ok: false, message, result: 'refused' };
}

/** 500: it was understood but could not be done. */
export function failed(message: string): EndpointResult {
  return { httpStatus: 500, ok: false, message, result: 'failed' };
}

/** 200, but not done: asking again would not change anything, so whoever repeats failed requests shall not. */
export function unmendable(message: string): EndpointResult {
  return { httpStatus: 200, ok: false, message, result: 'failed' };
}

/** Header values must be plain ASCII in one line; names of services and labels need not be. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 1_000);
}
