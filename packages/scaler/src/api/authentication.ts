import type { Request } from 'express';
import { isAuthorized, isSameSecret } from '@docker-flow/daemon/http/authentication';
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

  function mayChange({ headers: { authorization } }: Request): boolean {
    return isAuthorized(authorization, { token, basic });
  }

  return {
    mayChange,
    mayRunJob(request, given) {
      if (isOpen && jobToken === undefined) return true;
      return isSameSecret(given ?? '', jobToken ?? token) || (!isOpen && mayChange(request));
    },
  };
}
