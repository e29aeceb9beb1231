import { line, ownedBy, type Line, type Section } from '../model/directives.js';
import { retriesLine } from '../backends/health-lines.js';
import { backendExtra, timeouts } from '../backends/http-backend.js';
import { tasksName } from '../model/routed-service.js';
import { checkWords, connectionWords, taskWords } from '../backends/server-words.js';
import { isAddress, slotsFor, type ServerContext } from '../backends/servers.js';
import { logLines } from './services-frontend.js';
import type { EntryDestination } from '../entry-ports/entry-destinations.js';
import { entryLines } from './tcp-frontends.js';

/** Name of the section of a group. */
export function groupSectionName(group: string, port: number): string {
  return `tcpListen_${group}_${port}`;
}

/**
 * `listen tcpListen_<group>_<port>`: one entry port whose load several services share, one server for each
 * task. Options come from the first destination in order; the raw line of each service stands at the end.
 */
export function tcpGroup(
  group: string,
  port: number,
  destinations: readonly EntryDestination[],
  context: ServerContext & { readonly namedPorts: ReadonlySet<number> },
): Section {
  const first = destinations[0]?.destination;
  const { debug } = context.settings;
  const bases = serverBases(group, destinations);
  return {
    keyword: 'listen',
    name: groupSectionName(group, port),
    lines: [
      ...entryLines(port, destinations, context),
      ...logLines(debug.on, 'tcplog', ''),
      ...(first?.balanceGroup === undefined ? [] : [line('balance', first.balanceGroup)]),
      ...(first?.checkTcp ? [line('option', 'tcp-check')] : []),
      ...retriesLine(first?.health.retries),
      ...(first ? timeouts(first) : []),
      ...destinations.flatMap((one) =>
        groupServers({ group, base: bases.get(one) ?? group, check: first?.checkTcp ?? false }, one, context),
      ),
      ...extraLines(destinations),
    ],
  };
}

/** A line that several services of the group have in common is written once. */
function extraLines(destinations: readonly EntryDestination[]): readonly Line[] {
  const seen = new Set<string>();
  return destinations.flatMap(({ routed: { service } }) => {
    const { backendExtra: text } = service;
    if (text === undefined || seen.has(text)) return [];
    seen.add(text);
    return ownedBy(service.name, backendExtra(text));
  });
}

/** How the servers of each member are called: `db`+`15432` and `db1`+`5432` are two. */
function serverBases(
  group: string,
  destinations: readonly EntryDestination[],
): ReadonlyMap<EntryDestination, string> {
  const taken = new Set<string>();
  return new Map(
    destinations.map((one) => {
      const { name } = one.routed.service;
      const port = one.destination.port ?? 0;
      let base = `${group}-${name}${port}`;
      for (let i = 1; taken.has(base); i += 1) base = `${group}-${name}-${port}-${i}`;
      taken.add(base);
      return [one, base] as const;
    }),
  );
}

interface GroupMember {
  readonly group: string;
  /** How its servers are called, without their numbers. */
  readonly base: string;
  readonly check: boolean;
}

function groupServers(
  { group, base, check }: GroupMember,
  { routed, destination }: EntryDestination,
  { settings, addresses, slots }: ServerContext,
): readonly Line[] {
  const { service } = routed;
  const { port, srcPort, outboundHostname } = destination;
  if (port === undefined || srcPort === undefined) return [];
  const host = outboundHostname ?? service.name;
  const tasks = outboundHostname === undefined ? (addresses.get(tasksName(service.name)) ?? []) : [];
  const known = tasks.length > 0 ? tasks : (addresses.get(host) ?? []).slice(0, 1);
  const follow = isAddress(host) ? 'fixed' : 'controller';
  const running = slots.get(`${groupSectionName(group, srcPort)}/${base}`) ?? 0;
  const count = tasks.length > 0 ? slotsFor(tasks.length, running) : Math.max(1, running);
  const options = [
    ...(check ? checkWords(destination) : []),
    ...connectionWords(destination, settings),
    ...(check && tasks.length > 0 ? taskWords(destination) : []),
  ];
  const lines: Line[] = Array.from({ length: count }, (_, i) => ({
    kind: 'server',
    server: {
      name: `${base}_${i}`,
      host,
      port,
      address: follow === 'fixed' ? host : known[i],
      follow,
      options,
    },
  }));
  return ownedBy(service.name, lines);
}
