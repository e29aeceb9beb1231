import { SLOT_STEP } from '../backends/servers.js';
import type { Server } from '../model/directives.js';
import { isAtLeast, type Version } from '../model/haproxy-version.js';
import { serverStructure } from '../model/server-structure.js';
import { OWN_SERVER_DEFAULTS } from '../sections/fixed-sections.js';
import { socketWord } from '../text/socket-word.js';
import type { RunningServers } from './server-changes.js';

/** A server and the backend it belongs to. */
export interface PlacedServer {
  readonly section: string;
  readonly server: Server;
}

/** Since when HAProxy takes new servers while it runs without calling that an experiment. */
const ADDS_SERVERS: Version = [2, 6];
/** Before, a server with a cookie had to be in the file. */
const ADDS_COOKIES: Version = [3, 0];
/** `del server` is older, but lost its last known crashes with 3.0. */
const REMOVES_SERVERS: Version = [3, 0];

/**
 * The servers that a running HAProxy lacks. `undefined` when it cannot be brought to the others by adding servers: one
 * of those that stay is another one, one is gone, or a new one has what only the file can say.
 */
export function serverAdditions(
  before: RunningServers,
  after: RunningServers,
  version: Version,
): readonly PlacedServer[] | undefined {
  if (before.size !== after.size) return undefined;
  const additions: PlacedServer[] = [];
  for (const [section, servers] of after) {
    const old = before.get(section);
    if (!old) return undefined;
    const known = new Map(old.map((server) => [server.name, server]));
    for (const server of servers) {
      const same = known.get(server.name);
      known.delete(server.name);
      if (!same) additions.push({ section, server });
      else if (serverStructure(same) !== serverStructure(server)) return undefined;
    }
    if (known.size > 0) return undefined;
  }
  return additions.every((one) => canBeAdded(one, version)) ? additions : undefined;
}

function canBeAdded(one: PlacedServer, version: Version): boolean {
  const { follow, options } = one.server;
  return (
    isAtLeast(version, ADDS_SERVERS) &&
    follow === 'controller' &&
    (isAtLeast(version, ADDS_COOKIES) || !options.includes('cookie')) &&
    canBeSaid(one)
  );
}

/** Whether a server can be told to HAProxy word by word. */
export function canBeSaid({ section, server: { name, follow, options } }: PlacedServer): boolean {
  // HAProxy asks resolvers only for servers of the file.
  return (
    follow !== 'resolvers' && [section, name, ...options].every((word) => socketWord(word) !== undefined)
  );
}

/** Whether the file says something of all servers that HAProxy does not apply to those added later. */
export function hasServerDefaults(text: string): boolean {
  return text
    .split('\n')
    .some((one) => /^\s*default-server\b/.test(one) && one.trim() !== OWN_SERVER_DEFAULTS.join(' '));
}

/** The commands that make a server as the file has it; one without an address rests until it gets one. */
export function additionCommands({ section, server }: PlacedServer): readonly string[] {
  const { name, address = '127.0.0.1', port, options } = server;
  const target = `${say(section)}/${say(name)}`;
  const host = address.includes(':') ? `[${address}]` : address;
  return [
    ['add server', target, `${host}:${port}`, ...options.map(say)].join(' '),
    ...(options.includes('check') ? [`enable health ${target}`] : []),
    ...(server.address === undefined ? [] : [`set server ${target} state ready`]),
  ];
}

function say(word: string): string {
  return socketWord(word) ?? '';
}

/**
 * The servers without a task that a configuration written anew would not have, the last of each backend first; none
 * where HAProxy had better not remove any.
 */
export function spareServers(
  running: RunningServers,
  least: RunningServers,
  version: Version,
): readonly PlacedServer[] {
  if (!isAtLeast(version, REMOVES_SERVERS)) return [];
  return [...running].flatMap(([section, servers]) => {
    // A few stay: one of a few may be written otherwise than one alone.
    const needed = new Set(
      [...servers.slice(0, SLOT_STEP), ...(least.get(section) ?? [])].map(({ name }) => name),
    );
    return servers
      .filter(
        ({ name, address, follow }) => !needed.has(name) && address === undefined && follow === 'controller',
      )
      .map((server) => ({ section, server }))
      .reverse();
  });
}

export function removalCommand({ section, server }: PlacedServer): string {
  return `del server ${say(section)}/${say(server.name)}`;
}

/** What is left of servers when some are removed. */
export function withoutServers(running: RunningServers, removed: readonly PlacedServer[]): RunningServers {
  const gone = new Set(removed.map(({ section, server }) => `${section}/${server.name}`));
  return new Map(
    [...running].map(([section, servers]) => [
      section,
      servers.filter(({ name }) => !gone.has(`${section}/${name}`)),
    ]),
  );
}

/** Whether some backend has so many servers without a task that it may be worth removing some. */
export function hasFreeServers(running: RunningServers): boolean {
  for (const servers of running.values()) {
    const free = servers.filter(({ address }) => address === undefined).length;
    if (servers.length > SLOT_STEP && free >= SLOT_STEP) return true;
  }
  return false;
}
