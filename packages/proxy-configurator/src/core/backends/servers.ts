import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { line, type Line, type Server } from '../model/directives.js';
import type { Lookup } from '../model/remember.js';
import { tasksName, type Addresses } from '../model/routed-service.js';
import type { Settings } from '../model/settings.js';
import { wakingOf } from '../waking/sleepers.js';
import { checkedOften, watched } from './canary-servers.js';
import { checkWords, connectionWords, taskWords } from './server-words.js';

/** Servers of a pool are provided in steps of this size, so that most scaling needs no reload. */
export const SLOT_STEP = 4;

/** More servers are not kept free, whatever number of replicas is told: HAProxy would take minutes to read them. */
const MAX_FREE_SLOTS = 1_000;

export interface ServerNeeds {
  readonly service: ProxyService;
  readonly destination: ProxyDestination;
  /** Container port. */
  readonly port: number;
  readonly backend: string;
  /** Whether its servers are watched as those of a canary are. */
  readonly isCanary?: boolean;
  /** Whether they are asked by ourselves, and checked elsewhere. */
  readonly isProbe?: boolean;
}

export interface ServerContext {
  readonly settings: Settings;
  readonly addresses: Pick<Addresses, 'get'>;
  /** Slots each backend has in the configuration that runs: no fewer are written, so that none is lost. */
  readonly slots: Lookup<number>;
  /** Of the announced replicas of services that can wake. */
  readonly replicasFile: string;
}

/** How many servers to provide for so many tasks. */
export function slotsFor(count: number, atLeast: number): number {
  return Math.max(SLOT_STEP, Math.ceil(count / SLOT_STEP) * SLOT_STEP, atLeast);
}

/** Balance, cookie and servers of an http backend. */
export function httpServers(needs: ServerNeeds, context: ServerContext): readonly Line[] {
  if (!needs.isCanary) return ordinaryServers(needs, context);
  const destination = checkedOften(needs.destination);
  return ordinaryServers({ ...needs, destination }, context).map((one) =>
    one.kind === 'server'
      ? server({ ...one.server, options: watched(one.server.options, checkWords(destination)) })
      : one,
  );
}

function ordinaryServers(needs: ServerNeeds, context: ServerContext): readonly Line[] {
  const { service } = needs;
  const mayCheck = isChecking(needs, context.settings);
  if (service.discovery === 'dns') return discoveredServers(needs, context);
  if (service.sessionType === 'sticky-server' && !needs.isCanary) {
    const tasks = context.addresses.get(tasksName(service.name)) ?? [];
    if (tasks.length > 0) return stickyServers(needs, context, tasks);
  }
  const follow = follows(service, context.settings);
  const { destination } = needs;
  const isAsked = destination.health.path !== undefined;
  return plainServers(needs, context, follow, (ofTask) => {
    const isChecked = mayCheck && (follow === 'resolvers' || isAsked || (ofTask && needsCheck(destination)));
    return [
      ...(isChecked ? checkWords(destination) : []),
      ...(follow === 'resolvers' ? ['resolvers', 'docker'] : []),
      ...connectionWords(destination, context.settings),
      ...(ofTask && isChecked ? taskWords(destination) : []),
    ];
  });
}

/** The servers of a service that can wake are looked for by its requests, unless it says what to ask them. */
function isChecking({ service, destination, isProbe }: ServerNeeds, settings: Settings): boolean {
  if (isProbe) return false;
  return destination.health.path !== undefined || wakingOf(service, settings) === undefined;
}

/** The server of a tcp or sni backend. */
export function tcpServers(needs: ServerNeeds, context: ServerContext): readonly Line[] {
  const { destination } = needs;
  return plainServers(needs, context, 'controller', (ofTask) => [
    ...(destination.checkTcp ? checkWords(destination) : []),
    ...connectionWords(destination, context.settings),
    ...(ofTask && destination.checkTcp ? taskWords(destination) : []),
  ]);
}

/** Only checks bring a server back that was left out for its errors. */
function needsCheck({ health }: ProxyDestination): boolean {
  return health.outlierErrors !== undefined;
}

/**
 * One server with the name of the service. A name that leads to several addresses (`endpoint_mode: dnsrr`)
 * gets one for each.
 */
function plainServers(
  needs: ServerNeeds,
  context: ServerContext,
  follow: Server['follow'],
  optionsOf: (ofTask: boolean) => readonly string[],
): readonly Line[] {
  const { service, destination, port, backend } = needs;
  const host = destination.outboundHostname ?? service.name;
  const one: Server = {
    name: service.name,
    host,
    port,
    address: undefined,
    follow,
    options: optionsOf(false),
  };
  if (isAddress(host)) return [server({ ...one, address: host, follow: 'fixed' })];
  const known = context.addresses.get(host) ?? [];
  if (follow === 'resolvers') return [server({ ...one, address: known[0] })];
  const running = context.slots.get(backend) ?? 1;
  const isOfTasks = known.length > 1 || running > 1;
  // The frontend asks for each server of a canary whether it is up: some are ready for its next tasks.
  const count = isOfTasks || needs.isCanary ? slotsFor(known.length, running) : 1;
  const options = optionsOf(needs.isCanary ? known.length > 1 : isOfTasks);
  return Array.from({ length: count }, (_, i) =>
    server({ ...one, options, name: i === 0 ? service.name : `${service.name}_${i}`, address: known[i] }),
  );
}

/** One server for each task, its cookie naming its place in the sorted list: the same on all replicas. */
function stickyServers(
  needs: ServerNeeds,
  { settings, slots }: ServerContext,
  tasks: readonly string[],
): readonly Line[] {
  const { service, destination, port, backend } = needs;
  const count = slotsFor(tasks.length, slots.get(backend) ?? 0);
  const isChecked = isChecking(needs, settings);
  return [
    line('balance', 'roundrobin'),
    // Who has a cookie stays with its server unless all tries but the last have failed there.
    ...(destination.health.retryOn === undefined ? [line('option', 'redispatch')] : []),
    line(
      'cookie',
      service.name,
      'insert',
      'indirect',
      'nocache',
      'httponly',
      ...cookieWords(needs, settings),
    ),
    ...Array.from({ length: count }, (_, i) =>
      server({
        name: `${service.name}_${i}`,
        host: tasksName(service.name),
        port,
        address: tasks[i],
        follow: 'controller',
        options: [
          ...(isChecked ? checkWords(destination) : []),
          ...['cookie', `${service.name}_${i}`],
          ...connectionWords(destination, settings),
          ...(isChecked ? taskWords(destination) : []),
        ],
      }),
    ),
  ];
}

/**
 * Servers that HAProxy itself keeps on the addresses of the tasks. They are written one by one and not as
 * `server-template`, which could not name the address each of them starts with: after a reload there
 * would be none until the resolvers have answered.
 */
function discoveredServers(
  needs: ServerNeeds,
  { settings, addresses, slots }: ServerContext,
): readonly Line[] {
  const { service, destination, port, backend } = needs;
  const isChecked = isChecking(needs, settings);
  const host = destination.outboundHostname ?? tasksName(service.name);
  const tasks = addresses.get(host) ?? [];
  const count = slotsFor(
    Math.max(Math.min(service.replicas ?? 0, MAX_FREE_SLOTS), tasks.length),
    slots.get(backend) ?? 0,
  );
  return Array.from({ length: count }, (_, i) =>
    server({
      name: `${service.name}${i + 1}`,
      host,
      port,
      address: tasks[i],
      follow: 'resolvers',
      options: [
        ...(isChecked ? checkWords(destination) : []),
        ...['resolvers', 'docker'],
        ...connectionWords(destination, settings),
        ...(isChecked ? taskWords(destination) : []),
      ],
    }),
  );
}

function server(one: Server): Line {
  return { kind: 'server', server: one };
}

function follows(service: ProxyService, settings: Settings): Server['follow'] {
  return (service.checkResolvers ?? settings.checkResolvers) ? 'resolvers' : 'controller';
}

/** Whether cookies that pin a client to something are for https only. */
export function isCookieSecure(
  service: ProxyService,
  destination: ProxyDestination,
  settings: Settings,
): boolean {
  return service.cookieSecure ?? (settings.labels.httpsOnly || destination.httpsOnly);
}

/** Browsers take `SameSite=None` only with `Secure`. */
function cookieWords({ service, destination }: ServerNeeds, settings: Settings): readonly string[] {
  const { cookieSameSite } = service;
  const isSecure = cookieSameSite === 'None' || isCookieSecure(service, destination, settings);
  return [
    ...(isSecure ? ['secure'] : []),
    ...(cookieSameSite === undefined ? [] : ['attr', `SameSite=${cookieSameSite}`]),
  ];
}

/** Whether a host is an address and needs no look-up. */
export function isAddress(host: string): boolean {
  return /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(host) || host.includes(':');
}
