import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { UnauthorizedError } from '../errors.js';

/** What callers of an API must show; where neither is set everybody may call. */
export interface ApiSecrets {
  /** Shown as `Authorization: Bearer …`, or as the password of basic credentials whatever the name. */
  readonly token?: string | undefined;
  /** Basic credentials as `name:password`. */
  readonly basic?: string | undefined;
}

/** Whether a request with this `Authorization` header may do what the secrets protect. */
export function isAuthorized(authorization: string | undefined, { token, basic }: ApiSecrets): boolean {
  if (token === undefined && basic === undefined) return true;
  const [, scheme = '', value = ''] = /^([A-Za-z]+) +(\S+) *$/.exec(authorization ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return isSameSecret(value, token);
    case 'basic': {
      const credentials = Buffer.from(value, 'base64').toString('utf8');
      const password = credentials.slice(credentials.indexOf(':') + 1);
      // Both are compared whatever the first says, so that the time tells nothing.
      const [isBasic, isToken] = [isSameSecret(credentials, basic), isSameSecret(password, token)];
      return isBasic || isToken;
    }
    default:
      return false;
  }
}

/**
 * Compares in constant time: the comparison of digests tells nothing of how much of a guess was right. False for a
 * secret that is not set.
 */
export function isSameSecret(given: string, wanted: string | undefined): boolean {
  const isSame = timingSafeEqual(digest(given), digest(wanted ?? ''));
  return isSame && wanted !== undefined;
}

export interface DemandOptions {
  /** Shown in `WWW-Authenticate`: what is protected. */
  readonly realm: string;
  /** Paths below the place of the middleware that ask for nothing. */
  readonly open?: ReadonlySet<string>;
}

/**
 * Middleware: only callers that are authorized get on.
 *
 * @throws {UnauthorizedError} for all others
 */
export function demandAuthorization(
  secrets: ApiSecrets,
  { realm, open = new Set() }: DemandOptions,
): RequestHandler {
  return (request, response, next) => {
    if (open.has(request.path) || isAuthorized(request.headers.authorization, secrets)) {
      next();
      return;
    }
    response.setHeader('WWW-Authenticate', `Bearer realm="${realm}"`);
    throw new UnauthorizedError('This API needs a token: Authorization: Bearer …');
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
