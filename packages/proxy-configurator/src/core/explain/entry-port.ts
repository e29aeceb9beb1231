import { entryDestinations, type EntryDestination } from '../entry-ports/entry-destinations.js';
import { httpPorts } from '../entry-ports/http-ports.js';
import { namesOf, speaksTls } from '../entry-ports/passed-names.js';
import { domainAlgoOf, withIgnoreCase } from '../model/acl.js';
import type { Names } from '../model/names.js';
import type { RoutedService } from '../model/routed-service.js';
import type { Settings } from '../model/settings.js';
import { matchesDomains } from './host-match.js';

/** What listens on the port that a request arrives on. */
export interface EntryPort {
  readonly port: number;
  /** Whether HAProxy has it open. */
  readonly open: boolean;
  readonly says: string;
}

/** What a request meets at its port. */
export interface AtThePort {
  readonly entry: EntryPort;
  /** Whether http looks at it there; otherwise nothing does, or bytes pass on. */
  readonly isHttp: boolean;
  /** Who gets it although http does not look at it. */
  readonly passed: { readonly service: string; readonly backend: string; readonly why: string } | undefined;
}

/** @param sorted services in their order */
export function lookAtPort(
  { host, port }: { readonly host: string; readonly port: number },
  sorted: readonly RoutedService[],
  { names, settings }: { readonly names: Names; readonly settings: Settings },
): AtThePort {
  const bind = httpPorts(sorted, settings).get(port);
  const entries = sorted.flatMap(entryDestinations);
  const here = entries.filter(({ srcPort }) => srcPort === port);
  const tell = (says: string, open = true): EntryPort => ({ port, open, says });
  const to = (entry: EntryDestination, why: string) => ({
    service: entry.routed.service.name,
    backend: backendOf(entry, names),
    why,
  });
  const isTls = speaksTls(bind);
  const name = host.replace(/:[0-9]+$/, '').toLowerCase();
  const named = here.filter(({ destination }) => destination.mode === 'sni');
  const sni =
    bind === undefined || isTls ? named.find(({ destination }) => hasName(name, destination)) : undefined;
  if (sni) {
    const why = `TLS with the name ${name} passes through`;
    return {
      entry: tell(`names of sni destinations are looked at first`),
      isHttp: false,
      passed: to(sni, why),
    };
  }
  if (bind) {
    const what = isTls ? 'https' : 'http';
    const variable = settings.defaultPorts.includes(bind) ? 'DEFAULT_PORTS' : 'BIND_PORTS';
    const beside = named.length > 0 ? ', behind the names of sni destinations' : '';
    return { entry: tell(`${what}, by ${variable}${beside}`), isHttp: true, passed: undefined };
  }
  const tcp = here.filter(({ destination }) => destination.mode === 'tcp');
  const taker = tcp.length > 0 ? takerOf(host, tcp, settings) : undefined;
  if (taker)
    return { entry: tell('bytes of tcp services'), isHttp: false, passed: to(taker.entry, taker.why) };
  if (here.length > 0)
    return { entry: tell('open, but no destination on it has this name'), isHttp: false, passed: undefined };
  const open = [
    ...new Set([...httpPorts(sorted, settings).keys(), ...entries.map(({ srcPort }) => srcPort)]),
  ];
  const list = open.sort((a, b) => a - b).join(', ');
  const says = `not open; open are ${list === '' ? 'none' : list}`;
  return { entry: tell(says, false), isHttp: false, passed: undefined };
}

/** The first destination that has the name, else the last one without any, or the group. */
function takerOf(
  host: string,
  tcp: readonly EntryDestination[],
  settings: Settings,
): { readonly entry: EntryDestination; readonly why: string } | undefined {
  const named = tcp.find(({ routed, destination: { domains } }) => {
    const algo = withIgnoreCase(domainAlgoOf(routed.service, settings.labels.domainAlgo));
    return domains.length > 0 && matchesDomains(host, domains, algo) === true;
  });
  if (named) return { entry: named, why: `serviceDomain ${named.destination.domains.join(' ')} matches` };
  const others = tcp.filter(({ destination }) => destination.domains.length === 0);
  const last = others.at(-1);
  if (!last) return undefined;
  const { serviceGroup } = last.destination;
  if (serviceGroup !== undefined)
    return { entry: last, why: `all services of the group ${serviceGroup} share it` };
  const why =
    others.length > 1
      ? 'of several without serviceDomain the last one in order gets all'
      : 'nothing else is on it';
  return { entry: last, why };
}

function hasName(name: string, destination: EntryDestination['destination']): boolean {
  return namesOf(destination).some(
    (one) => one === name || (one.startsWith('*') && name.endsWith(one.slice(1))),
  );
}

function backendOf({ routed, destination, srcPort }: EntryDestination, names: Names): string {
  const { serviceGroup } = destination;
  return serviceGroup !== undefined && destination.mode === 'tcp'
    ? `tcpListen_${serviceGroup}_${srcPort}`
    : names(routed.service, destination).backend;
}
