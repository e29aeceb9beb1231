import type { Server } from './directives.js';

/** What of a server cannot change while HAProxy runs. */
export function serverStructure({ name, host, port, follow, options }: Server): string {
  return `${name} ${host}:${port} ${follow} ${options.join(' ')}`;
}
