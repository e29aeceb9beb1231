import type { Issue, ProxyDestination } from '@docker-flow/labels';
import type { RoutedService } from '../model/routed-service.js';
import { inServiceOrder } from '../model/service-order.js';
import type { Settings } from '../model/settings.js';
import { byEntryPort, entryDestinations, type EntryDestination } from './entry-destinations.js';
import { httpPorts } from './http-ports.js';

/** What tcp and sni destinations ask of an entry port and do not get there, because it is not theirs alone. */
export function entryPortIssues(
  services: readonly RoutedService[],
  settings: Pick<Settings, 'defaultPorts' | 'bindPorts'>,
): readonly Issue[] {
  const entries = inServiceOrder(services.filter((one) => entryDestinations(one).length > 0)).flatMap(
    entryDestinations,
  );
  if (entries.length === 0) return [];
  const operators = httpPorts(services, settings);
  return [...byEntryPort(entries)].flatMap(([port, all]) =>
    operators.has(port) ? all.flatMap(unreadHeaders) : decidedByFirst(all),
  );
}

/** A port of the operator is as he says, whatever labels say. */
function unreadHeaders(entry: EntryDestination): readonly Issue[] {
  if (!entry.destination.acceptProxy) return [];
  return [
    {
      ...labelled(entry, 'acceptProxy', 'true'),
      problem: `has no effect: port ${entry.srcPort} is one of DEFAULT_PORTS or BIND_PORTS, which say how it is opened`,
      expected: `accept-proxy behind ${entry.srcPort} in that variable, or another srcPort`,
      kind: 'no-effect',
    },
  ];
}

/** What the first destination decides for all: who is believed at the port, and the options of a section. */
function decidedByFirst(all: readonly EntryDestination[]): readonly Issue[] {
  const [opener] = all;
  const firsts = new Map<string, EntryDestination>();
  return all.flatMap((entry) => {
    const key = sectionOf(entry.destination);
    // Names are looked at first: their section opens the port, with the options of the first destination on it.
    const first = firsts.get(key) ?? (key === 'sni' ? (opener ?? entry) : entry);
    firsts.set(key, first);
    const asked = entry.destination;
    const { acceptProxy } = opener?.destination ?? asked;
    const { timeoutClientSeconds, clitcpka } = first.destination;
    return [
      ...(asked.acceptProxy && !acceptProxy ? [notDecided(entry, opener, 'acceptProxy', 'true')] : []),
      ...(asked.timeoutClientSeconds !== undefined && asked.timeoutClientSeconds !== timeoutClientSeconds
        ? [notDecided(entry, first, 'timeoutClient', String(asked.timeoutClientSeconds))]
        : []),
      ...(asked.clitcpka && !clitcpka ? [notDecided(entry, first, 'clitcpka', 'true')] : []),
    ];
  });
}

/** Destinations of one section have its options in common. */
function sectionOf({ mode, serviceGroup }: ProxyDestination): string {
  return mode === 'sni' ? 'sni' : serviceGroup === undefined ? 'tcp' : `group ${serviceGroup}`;
}

function notDecided(
  entry: EntryDestination,
  first: EntryDestination | undefined,
  label: string,
  value: string,
): Issue {
  const owner = first?.routed.service.name ?? '';
  return {
    ...labelled(entry, label, value),
    problem: `has no effect: the first destination on port ${entry.srcPort} decides, which is of the service ${owner}`,
    expected: `the same label on the service ${owner}, or another srcPort`,
    kind: 'no-effect',
  };
}

function labelled(
  { routed, destination: { index } }: EntryDestination,
  name: string,
  value: string,
): Pick<Issue, 'service' | 'label' | 'value'> {
  return { service: routed.service.name, label: index === 0 ? name : `${name}.${index}`, value };
}
