import { parseLabelKey, type ProxyDestination, type ProxyService } from '@docker-flow/labels';
import { canaryConflicts } from '@docker-flow/proxy-configurator/core/canary/canaries';
import { findPortConflicts } from '@docker-flow/proxy-configurator/core/entry-ports/entry-port-conflicts';
import type { Place } from '@docker-flow/proxy-configurator/core/frontends/earlier-routes';
import { findShadows, type Shadow } from '@docker-flow/proxy-configurator/core/frontends/shadowed-routes';
import { inServiceOrder } from '@docker-flow/proxy-configurator/core/model/service-order';
import { pathTypeOf } from '@docker-flow/proxy-configurator/core/model/acl';
import { routedService } from '../../programs/proxy.js';
import type { Finding, Related } from '../findings/finding.js';
import type { LintedService } from './linted-service.js';
import type { LintSettings } from './settings.js';

/** Rules that compare the routes of services with each other (DF206, DF207, DF208). */
export function checkRoutes(services: readonly LintedService[], settings: LintSettings): readonly Finding[] {
  const routed = services.flatMap((linted) =>
    linted.routed && linted.isNotified && linted.isCertain ? [{ linted, service: linted.routed }] : [],
  );
  const sorted = inServiceOrder(routed);
  // A canary has no routes of its own.
  const withRoutes = sorted.filter(({ service }) => service.canary === undefined);
  return [
    ...byInstance(sorted).flatMap((own) => impossibleCanaries(own, settings)),
    ...byInstance(withRoutes).flatMap((one) => [...takenPorts(one, settings), ...shadowed(one, settings)]),
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

/** A destination with the service that it was written in. */
interface PlaceInFile extends Routed {
  readonly destination: ProxyDestination;
}

/** What the proxy finds that one destination takes from another one. */
function shadowed(routed: readonly Routed[], { proxy }: LintSettings): readonly Finding[] {
  const byService = new Map(routed.map((one) => [one.service, one]));
  const inFile = ({ service, destination }: Place): readonly PlaceInFile[] => {
    const found = byService.get(service);
    return found ? [{ ...found, destination }] : [];
  };
  const shadows = findShadows(
    routed.map(({ service }) => routedService(service, proxy)),
    { defaultAlgo: proxy.labels.domainAlgo, withinServices: true },
  );
  return shadows.flatMap((shadow) =>
    inFile(shadow.loser).flatMap((loser) =>
      inFile(shadow.winner).flatMap((winner) => findingsOf({ ...shadow, loser, winner })),
    ),
  );
}

interface ShadowInFile extends Omit<Shadow, 'loser' | 'winner'> {
  readonly loser: PlaceInFile;
  readonly winner: PlaceInFile;
}

/** A destination that gets a part of what it asks for is what many stacks mean. */
function findingsOf({ loser, winner, isWhole }: ShadowInFile): readonly Finding[] {
  const { linted, destination } = loser;
  const { view } = linted;
  if (destination.mode === 'tcp') {
    const label = view.firstOf([own('srcPort', destination.index), 'srcPort']);
    return [
      view.at(label, {
        code: 'DF207',
        severity: 'error',
        message: `${view.show(label ?? 'srcPort')}: all connections go to the service ${winner.linted.service.name}`,
        expected: 'one serviceGroup for all, or serviceDomain to tell them apart',
        related: [relatedTo(winner)],
      }),
    ];
  }
  const isAlike = pathTypeOf(destination) === pathTypeOf(winner.destination);
  if (!isWhole || !isAlike) return [];
  const { index } = destination;
  const label = view.firstOf([
    own('servicePath', index),
    own('serviceDomain', index),
    'servicePath',
    'serviceDomain',
  ]);
  const other =
    winner.linted === linted
      ? `destination ${winner.destination.index} of the service`
      : `the service ${nameBeside(winner.linted, linted)}`;
  return [
    view.at(label, {
      code: 'DF208',
      severity: 'warning',
      message: `${view.show(label ?? 'servicePath')} never gets a request: ${other} comes first and takes all of them`,
      expected: 'an aclName that sorts before the other service, or another path',
      related: [relatedTo(winner)],
    }),
  ];
}

/** As in its file; with its stack where both have one name. */
function nameBeside(other: LintedService, { service }: LintedService): string {
  return other.service.name === service.name ? other.view.fullName : other.service.name;
}

/** The label of the other destination. */
function relatedTo({ linted: { view }, destination: { index, mode } }: PlaceInFile): Related {
  const names = mode === 'http' ? ['servicePath', 'serviceDomain'] : ['srcPort'];
  const label = view.firstOf([...names.map((name) => own(name, index)), ...names]);
  return view.related(label, `${view.service.name}: ${view.show(label ?? names[0] ?? '')}`);
}

function own(name: string, index: number): string {
  return index === 0 ? name : `${name}.${index}`;
}
