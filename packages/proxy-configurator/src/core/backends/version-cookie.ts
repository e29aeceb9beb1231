import type { ProxyDestination } from '@docker-flow/labels';
import { versionCookie, versionIs, type Pair } from '../canary/versions.js';
import { line, type Line } from '../model/directives.js';
import type { Settings } from '../model/settings.js';
import { isCookieSecure } from './servers.js';

/** The cookie by which a client stays, in the backend of a version; only for a client that has not this value. */
export function versionCookieLines(
  pair: Pair,
  version: 'stable' | 'canary',
  destination: ProxyDestination,
  settings: Settings,
): readonly Line[] {
  if (!pair.canary.service.canary.sticky) return [];
  const name = versionCookie(pair);
  const secure = isCookieSecure(pair.stable.service, destination, settings) ? '; Secure' : '';
  return [
    line('http-request', 'set-var(txn.df_version_cookie)', `req.cook(${name})`),
    line(
      ...['http-response', 'add-header', 'Set-Cookie'],
      `${name}=${version}; Path=/; HttpOnly; SameSite=Lax${secure}`,
      ...['if', ...versionIs(version)],
      ...['!{', 'var(txn.df_version_cookie)', '-m', 'str', version, '}'],
    ),
  ];
}
