import { isSnippet, type HaproxyModel, type Section, type Server } from '../model/directives.js';

/** Servers of a configuration by section, in the order of the file. */
export type RunningServers = ReadonlyMap<string, readonly Server[]>;

export function serversOf(model: HaproxyModel): RunningServers {
  const sections: Section[] = [...model.tcpGroups];
  for (const part of model.backends) if (!isSnippet(part)) sections.push(part);
  return new Map(
    sections.flatMap(({ name, lines }) => {
      const servers = lines.flatMap((one) => (one.kind === 'server' ? [one.server] : []));
      return name === undefined || servers.length === 0 ? [] : [[name, servers] as const];
    }),
  );
}

/**
 * How many servers each backend has, and each member of a tcp group (`<section>/<member>`), whose servers
 * are numbered on their own.
 */
export function slotsOf(servers: RunningServers): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  for (const [section, all] of servers) {
    // Servers of a stable version stand behind those of a canary, and are not its own.
    const list = all.filter(({ options }) => !options.includes('backup'));
    slots.set(section, list.length);
    for (const { name } of list) {
      const member = `${section}/${name.replace(/_[0-9]+$/, '')}`;
      slots.set(member, (slots.get(member) ?? 0) + 1);
    }
  }
  return slots;
}

/** Commands that bring the running servers whose addresses we follow to their new addresses. */
export function serverChanges(before: RunningServers, after: RunningServers): readonly string[] {
  const commands: string[] = [];
  for (const [section, servers] of after) {
    const old = new Map(before.get(section)?.map((server) => [server.name, server]));
    for (const server of servers) {
      const { name, port, address, follow } = server;
      const known = old.get(name);
      if (follow !== 'controller' || !known || known.address === address) continue;
      const target = `${section}/${name}`;
      if (address === undefined) commands.push(`set server ${target} state maint`);
      else {
        commands.push(`set server ${target} addr ${address} port ${port}`);
        if (known.address === undefined) commands.push(`set server ${target} state ready`);
      }
    }
  }
  return commands;
}
