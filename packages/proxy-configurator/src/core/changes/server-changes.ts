import { isSnippet, type HaproxyModel, type Section, type Server } from '../model/directives.js';
import { rememberLast } from '../model/remember.js';

/** Servers of a configuration by section, in the order of the file. */
export type RunningServers = ReadonlyMap<string, readonly Server[]>;

export function serversOf(model: HaproxyModel): RunningServers {
  const sections: Section[] = [...model.tcpGroups];
  for (const part of model.backends) if (!isSnippet(part)) sections.push(part);
  return new Map(
    sections.flatMap((section) => {
      const servers = serversIn(section);
      return section.name === undefined || servers.length === 0 ? [] : [[section.name, servers] as const];
    }),
  );
}

const serversIn = rememberLast(({ lines }: Section): readonly Server[] =>
  lines.flatMap((one) => (one.kind === 'server' ? [one.server] : [])),
);

/**
 * How many servers each backend has, and each member of a tcp group (`<section>/<member>`), whose servers
 * are numbered on their own. A backend with one is left out: that is nothing to be kept.
 */
export function slotsOf(servers: RunningServers): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  for (const [section, all] of servers) {
    // Servers of a stable version stand behind those of a canary, and are not its own.
    const list = all.length > 1 ? all.filter(({ options }) => !options.includes('backup')) : all;
    if (list.length < 2) continue;
    slots.set(section, list.length);
    for (const [member, count] of sizesOf(list)) slots.set(`${section}/${member}`, count);
  }
  return slots;
}

function sizesOf(servers: readonly Server[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { name } of servers) {
    const member = name.replace(/_[0-9]+$/, '');
    sizes.set(member, (sizes.get(member) ?? 0) + 1);
  }
  return sizes;
}

/** Commands over HAProxy's socket. */
export interface ServerChanges {
  /** Of servers that have an address now. */
  readonly moves: readonly string[];
  /** Of those that have none any more, and rest. */
  readonly rests: readonly string[];
}

/** What brings the running servers whose addresses we follow to their new addresses. */
export function serverChanges(before: RunningServers, after: RunningServers): ServerChanges {
  const moves: string[] = [];
  const rests: string[] = [];
  for (const [section, servers] of after) {
    const old = new Map(before.get(section)?.map((server) => [server.name, server]));
    for (const server of servers) {
      const { name, port, address, follow } = server;
      const known = old.get(name);
      if (follow !== 'controller' || !known || known.address === address) continue;
      const target = `${section}/${name}`;
      if (address === undefined) rests.push(`set server ${target} state maint`);
      else {
        moves.push(`set server ${target} addr ${address} port ${port}`);
        if (known.address === undefined) moves.push(`set server ${target} state ready`);
      }
    }
  }
  return { moves, rests };
}
