import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { domainAlgoOf, pathTypeOf } from '../model/acl.js';

/** A destination with its service. */
export interface Place {
  readonly service: ProxyService;
  readonly destination: ProxyDestination;
}

/** Routes that take every request for their paths, in the order in which they were added. */
export interface EarlierRoutes {
  add(place: Place): void;
  /** Those that take every request of a later one for a path: first those with the shortest path. */
  takersOf(path: string, later: Place): readonly Place[];
}

/** Longer texts are no host names: nobody takes them apart. */
const LONGEST_DOMAIN = 255;

/** Routes of one path by what their domains say, so that a thousand domains are not compared with a thousand others. */
interface OfOnePath {
  readonly all: Place[];
  /** Numbers of those that have no domain. */
  readonly anyHost: number[];
  /** Numbers by domain, in small letters. */
  readonly byDomain: Map<string, number[]>;
}

/** @param defaultAlgo how domains are compared where the service does not say */
export function createEarlierRoutes(defaultAlgo: string): EarlierRoutes {
  const byPath = new Map<string, OfOnePath>();
  /** How long those paths are. */
  const lengths = new Set<number>();
  return {
    add(place) {
      if (!takesAllRequests(place.destination)) return;
      for (const path of place.destination.paths) {
        const there = byPath.get(path);
        const own = there ?? { all: [], anyHost: [], byDomain: new Map<string, number[]>() };
        if (!there) byPath.set(path, own);
        lengths.add(path.length);
        addTo(own, place);
      }
    },
    takersOf(path, later) {
      const found: Place[] = [];
      const type = pathTypeOf(later.destination);
      if (type !== 'path_beg' && type !== 'path') return found;
      for (let length = 1; length <= path.length; length += 1) {
        const there = lengths.has(length) ? byPath.get(path.slice(0, length)) : undefined;
        if (!there) continue;
        const isWhole = length === path.length;
        for (const one of mayCover(there, later)) {
          const fits = pathTypeOf(one.destination) === 'path_beg' || (isWhole && type === 'path');
          if (!fits || !coversPort(one.destination, later.destination)) continue;
          if (coversDomains(one, later, defaultAlgo)) found.push(one);
        }
      }
      return found;
    },
  };
}

function addTo({ all, anyHost, byDomain }: OfOnePath, place: Place): void {
  const number = all.push(place) - 1;
  const { domains } = place.destination;
  if (domains.length === 0) anyHost.push(number);
  for (const domain of new Set(domains.map((one) => one.toLowerCase()))) {
    const same = byDomain.get(domain);
    if (same) same.push(number);
    else byDomain.set(domain, [number]);
  }
}

/** All that may cover the domains of a later one, in order: what covers all of them covers the first. */
function mayCover({ all, anyHost, byDomain }: OfOnePath, { destination }: Place): readonly Place[] {
  const [first] = destination.domains;
  if (first !== undefined && first.length > LONGEST_DOMAIN) return all;
  const numbers = new Set(anyHost);
  if (first !== undefined)
    for (const domain of coveringDomains(first.toLowerCase()))
      for (const number of byDomain.get(domain) ?? []) numbers.add(number);
  return [...numbers].sort((a, b) => a - b).flatMap((number) => all[number] ?? []);
}

/** What a domain that covers the given one can be: itself, a wildcard above, its beginning, or labels in its middle. */
function coveringDomains(domain: string): ReadonlySet<string> {
  const found = new Set<string>();
  const labels = domain.split('.');
  for (let length = 1; length <= domain.length; length += 1) found.add(domain.slice(0, length));
  for (let from = 0; from < labels.length; from += 1) {
    found.add(`*.${labels.slice(from).join('.')}`);
    for (let to = from + 1; to <= labels.length; to += 1) found.add(labels.slice(from, to).join('.'));
  }
  return found;
}

/** Whether a route looks at nothing but host, path and entry port. */
function takesAllRequests(destination: ProxyDestination): boolean {
  const { headers, userAgents, pathsExcluded, port } = destination;
  const isPlain = headers.length + userAgents.length + pathsExcluded.length === 0;
  return isPlain && port !== undefined && ['path_beg', 'path'].includes(pathTypeOf(destination));
}

function coversPort(a: ProxyDestination, b: ProxyDestination): boolean {
  return a.srcPort === undefined || a.srcPort === b.srcPort;
}

function coversDomains(a: Place, b: Place, defaultAlgo: string): boolean {
  const { domains } = a.destination;
  if (domains.length === 0) return true;
  const algo = domainAlgoOf(a.service, defaultAlgo);
  if (algo !== domainAlgoOf(b.service, defaultAlgo)) return false;
  const covers = (domain: string) =>
    domains.some((one) => coversDomain(one.toLowerCase(), domain.toLowerCase(), algo));
  return b.destination.domains.length > 0 && b.destination.domains.every(covers);
}

/** Whether every host that fits the second value fits the first one, as HAProxy compares under that algorithm. */
function coversDomain(one: string, other: string, algo: string): boolean {
  if (one === other) return true;
  if (one.startsWith('*.')) return other.endsWith(one.slice(1));
  if (other.startsWith('*')) return false;
  if (algo === 'hdr_beg(host)') return other.startsWith(one);
  return algo === 'hdr_dom(host)' && `.${other}.`.includes(`.${one}.`);
}
