import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { AccessConfig } from '../config/config.js';

/** Whether a caller may change something. With nothing configured everybody may, like in the original. */
export interface Access {
  /** By `Authorization`: the bearer token or the basic credentials. */
  mayChange(request: Request): boolean;
  /** The build server's URL also carries its token in the query. */
  mayRunJob(request: Request, token: string | undefined): boolean;
}

export function createAccess({ token, basic, jobToken }: AccessConfig): Access {
  const isOpen = token === undefined && basic === undefined;

  function byHeader(request: Request): boolean {
    const [scheme, value] = splitAuthorization(request.headers.authorization);
    if (scheme === 'bearer') return isSame(value, token);
    if (scheme === 'basic') return isSame(Buffer.from(value, 'base64').toString('utf8'), basic);
    return false;
  }

  return {
    mayChange: (request) => isOpen || byHeader(request),
    mayRunJob(request, given) {
      if (isOpen && jobToken === undefined) return true;
      return isSame(given ?? '', jobToken ?? token) || byHeader(request);
    },
  };
}

function splitAuthorization(header: string | undefined): readonly [scheme: string, value: string] {
  const match = /^([A-Za-z]+) +(\S+) *$/.exec(header ?? '');
  return [match?.[1]?.toLowerCase() ?? '', match?.[2] ?? ''];
}

/** In constant time: the comparison of digests tells nothing of how much of a guess was right. */
function isSame(given: string, wanted: string | undefined): boolean {
  const equal = timingSafeEqual(digest(given), digest(wanted ?? ''));
  return equal && wanted !== undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
