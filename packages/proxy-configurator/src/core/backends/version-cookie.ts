import type { ProxyDestination } from '@docker-flow/labels';
import { CANARY_NOT_CHOSEN, COOKIE, cookieOf, versionCookie, type Pair } from '../canary/versions.js';
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
  const { header, cookie } = pair.canary.service.canary;
  const secure = isCookieSecure(pair.stable.service, destination, settings) ? '; Secure' : '';
  return [
    // Else the rules that chose the version have looked at the cookie.
    ...(header || cookie ? [line('http-request', `set-var(${COOKIE})`, cookieOf(pair))] : []),
    line(
      ...['http-response', 'add-header', 'Set-Cookie'],
      `${versionCookie(pair)}=${version}; Path=/; HttpOnly; SameSite=Lax${secure}`,
      ...['if', '!{', `var(${COOKIE})`, '-m', 'str', version, '}'],
      ...(version === 'stable' ? CANARY_NOT_CHOSEN : []),
    ),
  ];
}
