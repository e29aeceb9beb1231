import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { UnauthorizedError } from '@docker-flow/daemon/errors';

/** Health checks and metrics tell nothing that is secret. */
const OPEN = new Set(['/ping', '/successfulinitreload', '/haproxy-metrics']);

/**
 * Middleware: only callers that show the token get on, as `Authorization: Bearer …` or as the password of basic
 * credentials, whatever the name; swarm-listener takes those from the address it is given.
 *
 * @throws {UnauthorizedError} for all others
 */
export function demandToken(token: string): RequestHandler {
  return (request, _response, next) => {
    if (!OPEN.has(request.path) && !isSame(shownToken(request.headers.authorization), token)) {
      throw new UnauthorizedError('This API needs a token: Authorization: Bearer …');
    }
    next();
  };
}

function shownToken(header = ''): string {
  const [, scheme = '', value = ''] = /^([A-Za-z]+) +(\S+) *$/.exec(header) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return value;
    case 'basic': {
      const credentials = Buffer.from(value, 'base64').toString('utf8');
      return credentials.slice(credentials.indexOf(':') + 1);
    }
    default:
      return '';
  }
}

/** In constant time: the comparison of digests tells nothing of how much of a guess was right. */
function isSame(given: string, wanted: string): boolean {
  return timingSafeEqual(digest(given), digest(wanted));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
