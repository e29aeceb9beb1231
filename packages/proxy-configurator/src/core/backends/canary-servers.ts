import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { connectionWords } from './server-words.js';
import { line, type Line, type Server } from '../model/directives.js';
import type { Settings } from '../model/settings.js';

/** A canary is checked often, and a failed connection takes it out at once. */
export function checkedOften(destination: ProxyDestination): ProxyDestination {
  const { health } = destination;
  return {
    ...destination,
    health: {
      ...health,
      intervalSeconds: health.intervalSeconds ?? 1,
      rise: health.rise ?? 2,
      fall: health.fall ?? 2,
    },
  };
}

const AT_FIRST_FAILURE = ['observe', 'layer4', 'error-limit', '1', 'on-error', 'mark-down'];

/** The words of a server of a canary: always checked, and left out after its first failed connection. */
export function watched(words: readonly string[], check: readonly string[]): readonly string[] {
  const rest = words.filter((word) => word !== 'check');
  return [
    ...(words.includes('check') ? words : [...check, ...rest]),
    ...(words.includes('observe') ? [] : AT_FIRST_FAILURE),
  ];
}

/**
 * The servers of the stable version behind those of the canary, so that the very request that finds the canary dead is
 * answered. They are as well as where they are checked.
 */
export function stableAsBackup(
  lines: readonly Line[],
  stable: {
    readonly service: ProxyService;
    readonly destination: ProxyDestination;
    readonly backend: string;
  },
  settings: Settings,
): readonly Line[] {
  const servers = lines.flatMap((one) => (one.kind === 'server' ? [one.server] : []));
  return [line('option', 'allbackups'), ...servers.map((server) => backup(server, stable, settings))];
}

function backup(
  server: Server,
  { destination, backend }: { readonly destination: ProxyDestination; readonly backend: string },
  settings: Settings,
): Line {
  const options = [
    ...(server.follow === 'resolvers' ? ['resolvers', 'docker'] : []),
    ...connectionWords(destination, settings),
    ...(server.options.includes('check') ? ['track', `${backend}/${server.name}`] : []),
    'backup',
  ];
  return { kind: 'server', server: { ...server, name: `stable-${server.name}`, options } };
}
