export interface AppErrorOptions {
  readonly details?: unknown;
  readonly cause?: unknown;
}

/** Everything thrown on purpose: branch on `code` or class, never on the text. */
export abstract class AppError extends Error {
  abstract readonly code: string;
  /** HTTP status when the error reaches a caller. */
  abstract readonly status: number;
  readonly details: unknown;

  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.details = options.details;
  }
}

/** The caller asked for something that can never be done as it is. */
export class InvalidRequestError extends AppError {
  readonly code = 'invalid_request';
  readonly status: number = 400;
}

export class UnauthorizedError extends AppError {
  readonly code = 'unauthorized';
  readonly status = 401;
}

export class NotFoundError extends AppError {
  readonly code = 'not_found';
  readonly status = 404;
}

/** Somebody else changed the thing meanwhile (stale version index): read again and retry. */
export class ConflictError extends AppError {
  readonly code = 'conflict';
  readonly status = 409;
}

/** The checker (haproxy -c, promtool) refused a generated configuration. */
export class ConfigRejectedError extends AppError {
  readonly code = 'config_rejected';
  readonly status = 422;
}

/** A neighbour (Docker, a receiver, Alertmanager …) did not answer as it should. */
export class UpstreamError extends AppError {
  readonly code = 'upstream';
  readonly status = 502;
}

export class NotReadyError extends AppError {
  readonly code = 'not_ready';
  readonly status = 503;
}

/** The environment could not be read; `details` is the list of all problems. */
export class InvalidConfigurationError extends AppError {
  readonly code = 'invalid_configuration';
  readonly status = 500;
}

/** What a log line or an answer may say of anything that was thrown: the message, never headers or bodies. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
