import { asksAuthServer } from '../backends/auth-servers.js';
import { line, type Line } from '../model/directives.js';
import { wakingOf } from '../waking/sleepers.js';
import type { RoutedService } from '../model/routed-service.js';
import type { Settings } from '../model/settings.js';

/**
 * Loads the scripts that services need, and no other: each costs HAProxy time at its start. That is when one may still
 * read what workers may not.
 */
export function luaLines(services: readonly RoutedService[], settings: Settings): readonly Line[] {
  const load = (script: string) => line('lua-load', `${settings.paths.scripts}/${script}.lua`);
  const asks = services.some(({ service }) => service.destinations.some(asksAuthServer));
  const wakes = services.some(({ service }) => wakingOf(service, settings));
  return [
    ...(asks ? [load('forward-auth')] : []),
    ...(wakes ? [line('setenv', 'DF_SCALER_TOKEN_FILE', settings.paths.scalerToken), load('waking')] : []),
  ];
}
