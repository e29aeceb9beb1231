import type { Issue, ProxyDestination, ProxyService } from '@docker-flow/labels';
import type { RoutedService } from '../model/routed-service.js';
import type { BindPort, Settings } from '../model/settings.js';
import { entryDestinations, type EntryDestination } from './entry-destinations.js';
import { httpPorts } from './http-ports.js';

interface HttpPlace {
  readonly service: ProxyService;
  readonly destination: ProxyDestination;
  readonly domain: string;
}

/**
 * Names that a sni destination and an http service have both on a port that speaks TLS: such connections pass through, so
 * the http service never sees them. Told to both, where it is certain.
 */
export function passedNameIssues(
  services: readonly RoutedService[],
  settings: Pick<Settings, 'defaultPorts' | 'bindPorts'>,
): readonly Issue[] {
  const ports = httpPorts(services, settings);
  const passing = services
    .flatMap(entryDestinations)
    .filter(({ destination, srcPort }) => destination.mode === 'sni' && speaksTls(ports.get(srcPort)));
  if (passing.length === 0) return [];
  const places = httpPlaces(services);
  return passing.flatMap((entry) => {
    const names = namesOf(entry.destination);
    const lost = places.filter(
      ({ domain, destination }) =>
        isOnPort(destination, entry.srcPort) && names.some((name) => covers(name, domain)),
    );
    return lost.flatMap((place) => [ofLoser(place, entry), ofWinner(place, entry)]);
  });
}

/** Whether a port of the operator takes TLS. */
export function speaksTls(bind: BindPort | undefined): boolean {
  return bind !== undefined && /:ssl\b|\sssl(?:\s|$)/.test(bind.text);
}

function httpPlaces(services: readonly RoutedService[]): readonly HttpPlace[] {
  return services.flatMap(({ service, frontendSnippet }) =>
    frontendSnippet !== undefined || service.canary
      ? []
      : service.destinations.flatMap((destination) =>
          destination.mode === 'http'
            ? destination.domains.map((domain) => ({ service, destination, domain: domain.toLowerCase() }))
            : [],
        ),
  );
}

function isOnPort({ srcPort, httpsPort, srcHttpsPort }: ProxyDestination, port: number): boolean {
  return srcPort === undefined || srcPort === port || (httpsPort !== undefined && srcHttpsPort === port);
}

/** The names that are compared as they are, or from their end. */
export function namesOf({ paths, pathType, domains }: ProxyDestination): readonly string[] {
  return (pathType === undefined ? [...paths, ...domains] : domains).map((name) => name.toLowerCase());
}

function covers(name: string, domain: string): boolean {
  return name === domain || (name.startsWith('*') && domain.endsWith(name.slice(1)));
}

function ofLoser(
  { service, destination: { index }, domain }: HttpPlace,
  { routed, srcPort }: EntryDestination,
): Issue {
  return {
    service: service.name,
    label: keyed('serviceDomain', index),
    value: domain,
    problem: `gets no https request on port ${srcPort}: TLS with this name passes through to the service ${routed.service.name}`,
    expected: 'a name of its own, or another srcPort for one of the two',
    kind: 'never-matches',
  };
}

function ofWinner({ service, domain }: HttpPlace, { routed, destination, srcPort }: EntryDestination): Issue {
  const label = destination.domains.length > 0 ? 'serviceDomain' : 'servicePath';
  return {
    service: routed.service.name,
    label: keyed(label, destination.index),
    value: (destination.domains.length > 0 ? destination.domains : destination.paths).join(','),
    problem: `takes https requests for ${domain} on port ${srcPort} from the service ${service.name}`,
    expected: 'a name of its own, or another srcPort for one of the two',
    kind: 'no-effect',
  };
}

function keyed(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}
