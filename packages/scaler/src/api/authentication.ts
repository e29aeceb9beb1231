import type { Request } from 'express';
import { isAuthorized, isSameSecret } from '@docker-flow/daemon/http/authentication';
import { queryOf } from '@docker-flow/daemon/http/app';
import type { AccessConfig } from '../config/config.js';
import { readDryRun } from './requests/request-values.js';

/**
 * Whether a caller may change something. With nothing configured everybody may, like in the original, except through a
 * browser or a proxy (see {@link isForeign}).
 */
export interface Access {
  /** By `Authorization`: the bearer token or the basic credentials. */
  mayChange(request: Request): boolean;
  /** The build server's URL also carries its token in the query. */
  mayRunJob(request: Request, token: string | undefined): boolean;
}

const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const;

/**
 * Whether a request comes from a page of another origin in somebody's browser, or through a proxy: neither Alertmanager
 * nor a script inside the cluster does that. Without a token, nobody who does may change anything.
 */
export function isForeign({ headers }: Pick<Request, 'headers'>): boolean {
  if (FORWARDED.some((name) => headers[name] !== undefined)) return true;
  const site = headers['sec-fetch-site'];
  if (site === 'cross-site' || site === 'same-site') return true;
  const { origin, host } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

/** A dry run changes nothing. */
function isOnlyQuestion(request: Request): boolean {
  return readDryRun(queryOf(request)) === true;
}

export function createAccess({ token, basic, jobToken }: AccessConfig): Access {
  const isOpen = token === undefined && basic === undefined;

  function mayChange(request: Request): boolean {
    if (isOpen) return isOnlyQuestion(request) || !isForeign(request);
    return isAuthorized(request.headers.authorization, { token, basic });
  }

  return {
    mayChange,
    mayRunJob(request, given) {
      if (isOpen && jobToken === undefined) return isOnlyQuestion(request) || !isForeign(request);
      return isSameSecret(given ?? '', jobToken ?? token) || (!isOpen && mayChange(request));
    },
  };
}
