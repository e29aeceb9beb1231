import type { ProxyService } from '@docker-flow/labels';
import { globalUserlist, userlist, userlistName } from '../backends/authentication.js';
import {
  defaultsSection,
  exporterSection,
  globalSection,
  resolversSection,
  statisticsSection,
} from './fixed-sections.js';
import { luaLines } from './lua-lines.js';
import { asksAuthServer, authSections } from '../backends/auth-servers.js';
import { canariesByStable, isCanary } from '../canary/canaries.js';
import { canaryBackends } from '../canary/canary-backends.js';
import { weightTable, type Pair } from '../canary/versions.js';
import { backendTemplates, ordinaryBackends } from './backend-templates.js';
import { takesBackends } from '../model/haproxy-version.js';
import { httpBackend } from '../backends/http-backend.js';
import { byEntryPort, entryDestinations, type EntryDestination } from '../entry-ports/entry-destinations.js';
import { httpPorts } from '../entry-ports/http-ports.js';
import { otherwiseBackend } from '../entry-ports/shared-ports.js';
import {
  isSnippet,
  raw,
  type BackendSnippet,
  type HaproxyModel,
  type LookupTable,
  type Section,
} from '../model/directives.js';
import { nameDestinations, type DestinationNames, type Names } from '../model/names.js';
import { rememberLast, rememberReads } from '../model/remember.js';
import type { Addresses, RoutedService } from '../model/routed-service.js';
import type { ServerContext } from '../backends/servers.js';
import { inServiceOrder } from '../model/service-order.js';
import { servicesFrontend } from '../frontends/services-frontend.js';
import type { Capabilities, Settings } from '../model/settings.js';
import { tcpBackend } from '../backends/tcp-backend.js';
import { sniFrontend, tcpFrontend } from '../frontends/tcp-frontends.js';
import { addressTable, replicaTable } from '../waking/sleepers.js';
import { wakingSections } from './waking-sections.js';
import { tcpGroup } from '../frontends/tcp-groups.js';

export interface BuildInput {
  readonly settings: Settings;
  readonly capabilities: Capabilities;
  readonly services: readonly RoutedService[];
  /** Services whose backends are there before their routes. */
  readonly awaited?: readonly RoutedService[];
  readonly addresses: Addresses;
  /** Servers each backend has in the configuration that runs. */
  readonly slots: ReadonlyMap<string, number>;
  /** Whose challenges are answered; absent: nobody's. */
  readonly thumbprint?: string | undefined;
  /** Names the file of a table. */
  readonly tablePath: (table: LookupTable) => string;
  /** A short name for the lines of a template, another one for others; absent: there are no templates. */
  readonly nameTemplate?: (lines: string) => string;
}

const NOWHERE: Addresses = new Map();

/** The whole configuration. Depends on what the services are, never on the order in which they came. */
export function buildHaproxyModel(input: BuildInput): HaproxyModel {
  const { settings, capabilities, awaited = [] } = input;
  const services = inServiceOrder(input.services);
  const withBackends = awaited.length > 0 ? inServiceOrder([...services, ...awaited]) : services;
  const names = nameDestinations(
    services.map(({ service }) => service),
    awaited.map(({ service }) => service),
  );
  const pairs = pairsOf(services);
  const replicas = replicaTable(services, settings);
  const context = serverContext(input);
  // Without a route there is nothing for a server to do.
  const atRest = { ...context, addresses: NOWHERE };
  const idle = new Set(awaited.map(({ service }) => service.name));
  const backends = withBackends.flatMap((service) =>
    backendsOf(service, names, idle.has(service.service.name) ? atRest : context, pairs),
  );
  const entries = services.flatMap(entryDestinations);
  const namedPorts = new Set(
    entries.flatMap(({ srcPort, destination }) => (destination.mode === 'sni' ? [srcPort] : [])),
  );
  const { frontend, tables } = servicesFrontend({
    ...input,
    services: services.filter((one) => !isCanary(one)),
    names,
    namedPorts,
    pairs,
    canaries: canaryBackends(pairs, names, backends, input.tablePath(weightTable(pairs))),
  });
  const { statistics } = settings;
  return {
    global: globalSection(settings),
    lua: luaLines(services, settings),
    resolvers: resolversSection(settings),
    defaults: defaultsSection(settings),
    templates:
      input.nameTemplate && takesBackends(capabilities.version)
        ? backendTemplates(backends, ordinaryBackends(context), input.nameTemplate)
        : [],
    statistics: statistics?.port === undefined ? [] : [statisticsSection(statistics)],
    exporter: capabilities.prometheusExporter ? [exporterSection(settings)] : [],
    globalUserlist: settings.users.length > 0 ? globalUserlist(settings.users) : undefined,
    services: frontend,
    ...entrySections(entries, names, { ...input, services, namedPorts }),
    backends: [
      ...(awaited.length > 0 ? backends.map((part) => withIdleTold(part, idle)) : backends),
      ...[...namedPorts]
        .filter((port) => isSharedPort(port, entries, services, settings))
        .map((port) => otherwiseBackend(port, settings)),
      ...authSections(services, input),
      ...wakingSections(services, names, context),
    ],
    tables: [
      ...tables,
      ...(replicas.entries.size > 0 ? [replicas, addressTable(services, backends, settings)] : []),
    ],
  };
}

const IDLE = raw('# No route leads here: the service waits for an address, or has gone.');

/** Whoever reads the file shall not take a backend without a route for one that is served. */
function withIdleTold(part: Section | BackendSnippet, idle: ReadonlySet<string>): Section | BackendSnippet {
  if (isSnippet(part) || part.keyword !== 'backend' || !idle.has(part.owner ?? '')) return part;
  return toldIdle(part);
}

const toldIdle = rememberLast((section: Section): Section => ({
  ...section,
  lines: [IDLE, ...section.lines],
  unused: new Set([IDLE]),
}));

/** Stable services with their canaries, in their order. */
function pairsOf(services: readonly RoutedService[]): readonly Pair[] {
  const canaries = canariesByStable(services);
  return services.flatMap((stable) => {
    const canary = canaries.get(stable.service.name);
    return canary && !isCanary(stable) ? [{ stable, canary }] : [];
  });
}

/** Whether anything else than the names of sni destinations is on a port. */
function isSharedPort(
  port: number,
  entries: readonly EntryDestination[],
  services: readonly RoutedService[],
  settings: Settings,
): boolean {
  const hasTcp = entries.some(({ srcPort, destination }) => srcPort === port && destination.mode === 'tcp');
  return hasTcp || httpPorts(services, settings).has(port);
}

function entrySections(
  entries: readonly EntryDestination[],
  names: Names,
  input: BuildInput & { readonly namedPorts: ReadonlySet<number> },
): Pick<HaproxyModel, 'tcpFrontends' | 'sniFrontends' | 'tcpGroups'> {
  const { settings, services, namedPorts } = input;
  const http = httpPorts(services, settings);
  const tcp = entries.filter(({ destination }) => destination.mode === 'tcp');
  const plain = tcp.filter(({ destination }) => destination.serviceGroup === undefined);
  const groups = new Map<string, { group: string; port: number; members: EntryDestination[] }>();
  for (const entry of tcp) {
    const group = entry.destination.serviceGroup;
    if (group === undefined) continue;
    const key = `${group} ${entry.srcPort}`;
    const known = groups.get(key) ?? { group, port: entry.srcPort, members: [] };
    known.members.push(entry);
    groups.set(key, known);
  }
  const context = { ...serverContext(input), names, namedPorts };
  return {
    tcpFrontends: [...byEntryPort(plain)].map(([port, own]) => tcpFrontend(port, own, context)),
    sniFrontends: [...byEntryPort(entries)]
      .filter(([port]) => namedPorts.has(port))
      .map(([port, all]) => sniFrontend({ port, all, http: http.get(port) }, { names, settings })),
    tcpGroups: [...groups.values()].map(({ group, port, members }) =>
      tcpGroup(group, port, members, context),
    ),
  };
}

function serverContext({ settings, addresses, slots, tablePath }: BuildInput): ServerContext {
  return { settings, addresses, slots, replicasFile: tablePath(replicaTable([], settings)) };
}

function backendsOf(
  routed: RoutedService,
  names: Names,
  context: ServerContext,
  pairs: readonly Pair[],
): readonly (Section | BackendSnippet)[] {
  // Its servers stand in backends of the stable service.
  if (isCanary(routed)) return [];
  const pair = pairs.find(({ stable }) => stable === routed);
  if (pair) return makeBackends(routed, names, context, pair);
  const { settings, addresses, slots, replicasFile } = context;
  const ownNames = routed.service.destinations.map((one) => names(routed.service, one));
  return backendsAlone(routed, [addresses, slots], settings, replicasFile, ...ownNames);
}

/** Of a service without a canary, which depend on no other service. */
const backendsAlone = rememberReads(
  (
    routed: RoutedService,
    [addresses, slots]: readonly [ServerContext['addresses'], ServerContext['slots']],
    settings: Settings,
    replicasFile: string,
    ...ownNames: readonly DestinationNames[]
  ) => {
    const places = new Map(routed.service.destinations.map((one, i) => [one, ownNames[i]]));
    const names: Names = (service, destination) => {
      const found = places.get(destination);
      if (!found) throw new RangeError(`no names for ${service.name} ${destination.index}`);
      return found;
    };
    return makeBackends(routed, names, { settings, addresses, slots, replicasFile }, undefined);
  },
);

function makeBackends(
  routed: RoutedService,
  names: Names,
  context: ServerContext,
  pair: Pair | undefined,
): readonly (Section | BackendSnippet)[] {
  const { service, backendSnippet, users } = routed;
  if (backendSnippet !== undefined) return [{ owner: service.name, text: backendSnippet }];
  const lists =
    users && asksForPassword(service) ? [userlist(userlistName(service.name), users, service.name)] : [];
  return [
    ...lists,
    ...service.destinations.flatMap((one) => destinationBackends(routed, one, names, context, pair)),
  ];
}

function asksForPassword({ destinations }: ProxyService): boolean {
  return destinations.some((one) => one.mode === 'http' && !one.ignoreAuthorization && !asksAuthServer(one));
}

function destinationBackends(
  routed: RoutedService,
  destination: RoutedService['service']['destinations'][number],
  names: Names,
  context: ServerContext,
  pair: Pair | undefined,
): readonly Section[] {
  const { backend, httpsBackend, probeBackend, httpsProbeBackend } = names(routed.service, destination);
  const other = pair?.canary.service.destinations.find(({ index }) => index === destination.index);
  const both = (one: Parameters<typeof httpBackend>[0], canaryName: string): readonly Section[] => {
    if (!pair || !other) return [httpBackend(one, context)];
    const canary = { destination: other, stableBackend: one.name };
    return [
      httpBackend({ ...one, pair }, context),
      httpBackend({ ...one, pair, name: canaryName, canary }, context),
    ];
  };
  const { mode, port, httpsPort, serviceGroup } = destination;
  const canaryNames = pair && other ? names(pair.canary.service, other) : undefined;
  if (mode === 'http') {
    return [
      ...(port === undefined
        ? []
        : both(
            { routed, destination, name: backend, port, forHttpsPort: false, probeBackend },
            canaryNames?.backend ?? '',
          )),
      ...(httpsPort === undefined
        ? []
        : both(
            {
              routed,
              destination,
              name: httpsBackend,
              port: httpsPort,
              forHttpsPort: true,
              probeBackend: httpsProbeBackend,
            },
            canaryNames?.httpsBackend ?? '',
          )),
    ];
  }
  if (port === undefined || (mode === 'tcp' && serviceGroup !== undefined)) return [];
  return [tcpBackend(routed, destination, { name: backend, port }, context)];
}
