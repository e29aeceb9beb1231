import { parseLabelKey, type ProxyDestination, type ProxyService } from '@docker-flow/labels';
import { canaryConflicts } from '@docker-flow/proxy-configurator/core/canary/canaries';
import { findPortConflicts } from '@docker-flow/proxy-configurator/core/entry-ports/entry-port-conflicts';
import { compareServices } from '@docker-flow/proxy-configurator/core/model/service-order';
import { routedService } from '../../programs/proxy.js';
import type { Finding, Related } from '../findings/finding.js';
import type { LintedService } from './linted-service.js';
import type { LintSettings } from './settings.js';

/** Rules that compare the routes of services with each other (DF206, DF207, DF208). */
export function checkRoutes(services: readonly LintedService[], settings: LintSettings): readonly Finding[] {
  const routed = services.flatMap((linted) =>
    linted.routed && linted.isNotified && linted.isCertain ? [{ linted, service: linted.routed }] : [],
  );
  const sorted = [...routed].sort((a, b) => compareServices(a.service, b.service));
  // A canary has no routes of its own.
  const withRoutes = sorted.filter(({ service }) => service.canary === undefined);
  return [
    ...byInstance(sorted).flatMap((own) => impossibleCanaries(own, settings)),
    ...byInstance(withRoutes).flatMap((own) => [...takenPorts(own, settings), ...sharedPorts(own)]),
    ...shadowed(withRoutes),
  ];
}

/** Routes of different instances do not meet. */
function byInstance(routed: readonly Routed[]): readonly (readonly Routed[])[] {
  const groups = new Map<string, Routed[]>();
  for (const one of routed) {
    const { proxyInstanceName = '' } = one.service;
    groups.set(proxyInstanceName, [...(groups.get(proxyInstanceName) ?? []), one]);
  }
  return [...groups.values()];
}

interface Routed {
  readonly linted: LintedService;
  readonly service: ProxyService;
}

/** Canaries of canaries, second ones of a service, and others that the proxy has no place for. */
function impossibleCanaries(routed: readonly Routed[], { proxy }: LintSettings): readonly Finding[] {
  const conflicts = canaryConflicts(routed.map(({ service }) => routedService(service, proxy)));
  return routed.flatMap(({ linted: { view }, service }) => {
    const conflict = conflicts.get(service.name);
    if (!conflict) return [];
    const { label, problem, expected } = conflict.issue;
    return [
      view.at(label, {
        code: 'DF703',
        severity: 'error',
        message: `${view.show(label)} ${problem}`,
        expected,
      }),
    ];
  });
}

/** The proxy rejects a service for one port at a time; here each is told, as if the one before were mended. */
function takenPorts(routed: readonly Routed[], { proxy }: LintSettings): readonly Finding[] {
  let left = routed;
  const findings: Finding[] = [];
  for (;;) {
    const services = left.map(({ service }) => routedService(service, proxy));
    const conflicts = findPortConflicts(services, proxy);
    if (conflicts.size === 0) return findings;
    left = left.map(({ linted, service }) => {
      const issue = conflicts.get(service.name);
      if (!issue) return { linted, service };
      const { view } = linted;
      const { name, index = 0 } = parseLabelKey(issue.label);
      const label = view.firstOf([issue.label, name]);
      findings.push(
        view.at(label, {
          code: 'DF206',
          severity: 'error',
          message: `${view.show(label ?? name)} ${issue.problem}`,
          expected: issue.expected,
        }),
      );
      const isOf = ({ index: own, mode }: ProxyDestination) =>
        name === 'reqMode' ? mode === 'http' : own === index;
      return {
        linted,
        service: { ...service, destinations: service.destinations.filter((one) => !isOf(one)) },
      };
    });
  }
}

interface PortUse extends Routed {
  readonly destination: ProxyDestination;
}

/** tcp destinations on one port, which neither a group nor domains tell apart: the last one gets everything. */
function sharedPorts(routed: readonly Routed[]): readonly Finding[] {
  const byPort = new Map<number, PortUse[]>();
  for (const { linted, service } of routed)
    for (const destination of service.destinations)
      if (isPlainTcp(destination)) {
        const use = { linted, service, destination };
        const uses = byPort.get(destination.srcPort);
        if (uses) uses.push(use);
        else byPort.set(destination.srcPort, [use]);
      }
  return [...byPort.values()].flatMap((uses) => {
    const winner = uses.at(-1);
    return uses.slice(0, -1).map(({ linted: { view }, destination }) => {
      const label = view.firstOf([own('srcPort', destination.index), 'srcPort']);
      return view.at(label, {
        code: 'DF207',
        severity: 'error',
        message: `${view.show(label ?? 'srcPort')}: all connections go to the service ${winner?.linted.service.name ?? ''}`,
        expected: 'one serviceGroup for all, or serviceDomain to tell them apart',
        ...(winner ? { related: [relatedTo(winner)] } : {}),
      });
    });
  });
}

function isPlainTcp(
  destination: ProxyDestination,
): destination is ProxyDestination & { readonly srcPort: number } {
  const { mode, srcPort, serviceGroup, domains } = destination;
  return mode === 'tcp' && srcPort !== undefined && serviceGroup === undefined && domains.length === 0;
}

interface HttpRoute extends PortUse {
  readonly entryPort: number | undefined;
}

/** An http destination of which another one takes every request before. Said only where it is certain. */
function shadowed(routed: readonly Routed[]): readonly Finding[] {
  const routes: HttpRoute[] = routed.flatMap(({ linted, service }) =>
    service.destinations
      .filter(({ mode }) => mode === 'http')
      .map((destination) => ({ linted, service, destination, entryPort: destination.srcPort })),
  );
  const earlier = createRouteIndex();
  return routes.flatMap((route) => {
    const taker = earlier.candidates(route).find((candidate) => takesAllOf(candidate, route));
    earlier.add(route);
    if (!taker) return [];
    const { view } = route.linted;
    const { index } = route.destination;
    const label = view.firstOf([
      own('servicePath', index),
      own('serviceDomain', index),
      'servicePath',
      'serviceDomain',
    ]);
    const other =
      taker.linted === route.linted
        ? `destination ${taker.destination.index} of the service`
        : `the service ${nameBeside(taker.linted, route.linted)}`;
    return [
      view.at(label, {
        code: 'DF208',
        severity: 'warning',
        message: `${view.show(label ?? 'servicePath')} never gets a request: ${other} comes first and takes all of them`,
        expected: 'an aclName that sorts before the other service, or another path',
        related: [relatedTo(taker)],
      }),
    ];
  });
}

/**
 * Finds the routes whose path begins the first path of another one, in their order, without comparing each with each:
 * a stack may have thousands.
 */
function createRouteIndex() {
  const byPath = new Map<string, { readonly route: HttpRoute; readonly order: number }[]>();
  let order = 0;
  return {
    add(route: HttpRoute): void {
      order += 1;
      for (const path of new Set(route.destination.paths)) {
        const there = byPath.get(path);
        if (there) there.push({ route, order });
        else byPath.set(path, [{ route, order }]);
      }
    },
    candidates({ destination: { paths } }: HttpRoute): readonly HttpRoute[] {
      const [path = ''] = paths;
      const found = Array.from(
        { length: path.length },
        (_, i) => byPath.get(path.slice(0, i + 1)) ?? [],
      ).flat();
      return found.sort((a, b) => a.order - b.order).map(({ route }) => route);
    },
  };
}

/** As in its file; with its stack where both have one name. */
function nameBeside(other: LintedService, { service }: LintedService): string {
  return other.service.name === service.name ? other.view.fullName : other.service.name;
}

/** The label of the other destination. */
function relatedTo({ linted: { view }, destination: { index, mode } }: PortUse): Related {
  const names = mode === 'http' ? ['servicePath', 'serviceDomain'] : ['srcPort'];
  const label = view.firstOf([...names.map((name) => own(name, index)), ...names]);
  return view.related(label, `${view.service.name}: ${view.show(label ?? names[0] ?? '')}`);
}

function takesAllOf(earlier: HttpRoute, later: HttpRoute): boolean {
  const a = earlier.destination;
  const b = later.destination;
  if (earlier.service.proxyInstanceName !== later.service.proxyInstanceName) return false;
  if (a.headers.length + a.userAgents.length + a.pathsExcluded.length > 0) return false;
  if (earlier.service === later.service && a.index === b.index) return false;
  if (earlier.entryPort !== undefined && earlier.entryPort !== later.entryPort) return false;
  return coversPaths(a, b) && coversDomains(earlier, later);
}

function coversPaths(a: ProxyDestination, b: ProxyDestination): boolean {
  const type = ({ pathType }: ProxyDestination) => pathType ?? 'path_beg';
  if (type(a) === 'path' && type(b) === 'path') return b.paths.every((path) => a.paths.includes(path));
  if (type(a) !== 'path_beg' || type(b) !== 'path_beg') return false;
  return b.paths.every((path) => a.paths.some((prefix) => path.startsWith(prefix)));
}

function coversDomains(earlier: HttpRoute, later: HttpRoute): boolean {
  const a = earlier.destination.domains;
  if (a.length === 0) return true;
  if (earlier.service.domainAlgo !== later.service.domainAlgo) return false;
  const b = later.destination.domains;
  const isCovered = (domain: string) =>
    a.some((one) => one === domain || (one.startsWith('*.') && domain.endsWith(one.slice(1))));
  return b.length > 0 && b.every(isCovered);
}

function own(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}
