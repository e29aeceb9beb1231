import { asksAuthServer } from '../backends/auth-servers.js';
import { line, type Line } from '../model/directives.js';
import type { RoutedService } from '../model/routed-service.js';
import type { Settings } from '../model/settings.js';

/** Loads the scripts that services need, and no other: each costs HAProxy time at its start. */
export function luaLines(services: readonly RoutedService[], { paths }: Settings): readonly Line[] {
  const asks = services.some(({ service }) => service.destinations.some(asksAuthServer));
  return asks ? [line('lua-load', `${paths.scripts}/forward-auth.lua`)] : [];
}
