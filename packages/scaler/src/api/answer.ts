/** An answer of a changing endpoint: `{"status":"OK|NOK","message":"…"}`, nothing else, as in the original. */
export interface Answer {
  readonly httpStatus: number;
  readonly ok: boolean;
  readonly message: string;
  /** For metrics: `changed`, `unchanged`, `refused` or `failed`. */
  readonly result: 'changed' | 'unchanged' | 'refused' | 'failed';
  /** What does not fit the original's body: why, and where the activity is. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function refused(message: string): Answer {
  return { httpStatus: 400, ok: false, message, result: 'refused' };
}

export function failed(message: string): Answer {
  return { httpStatus: 500, ok: false, message, result: 'failed' };
}

/** Header values must be plain ASCII in one line; names of services and labels need not be. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 1_000);
}
