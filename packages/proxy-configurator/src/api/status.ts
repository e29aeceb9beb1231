import { formatIssue, type Issue } from '@docker-flow/labels';
import type { RenewalNote } from '../acme/renewal-notes.js';
import type { CertificateState } from '../certificates/certificate-store.js';
import { CHALLENGE_PATH, overtakenServices } from '../core/acme/challenge-rule.js';
import { asksAuthServer, authServerOf } from '../core/backends/auth-servers.js';
import { nameDestinations } from '../core/model/names.js';
import type { Capabilities } from '../core/model/settings.js';
import type { ServiceVersion } from '../core/model/service-version.js';
import { fingerprint } from '../fingerprint.js';
import type { Reach } from '../services/reachability/reachability.js';
import type { RecentChange } from '../services/recent-changes.js';
import type { ServiceEntry } from '../services/service-store.js';
import { warningsOf, type RelationSettings } from '../services/service-warnings.js';

export interface StatusInput {
  readonly settings: RelationSettings;
  /** Whether the servers of a backend take connections, and why not; absent: not looked at. */
  readonly reachOf: (backend: string) => Reach | undefined;
  readonly entries: readonly ServiceEntry[];
  readonly certificates: readonly CertificateState[];
  /** What the program that orders a certificate says of it. */
  readonly renewalOf: (name: string) => RenewalNote | undefined;
  readonly capabilities: Capabilities;
  readonly isRunning: boolean;
  /** Why no configuration could be made live lately, of which no service is to blame: a variable that HAProxy refuses. */
  readonly problem?: string | undefined;
  /** The last changes, the newest first. */
  readonly changes: readonly RecentChange[];
  /** Whether challenges are to be answered, and whether HAProxy does so. */
  readonly challenges: { readonly isWanted: boolean; readonly isLive: boolean };
}

/** What the proxy serves, what it does not and why; no secrets. */
export function statusOf(input: StatusInput) {
  const { entries, certificates, renewalOf, capabilities, isRunning, changes, challenges } = input;
  const live = entries.flatMap((entry) => (entry.live ? [entry.live] : []));
  const names = nameDestinations(live.map(({ routed }) => routed.service));
  const warnings = warningsOf(entries, input.settings);
  return {
    haproxy: { version: capabilities.version.join('.'), running: isRunning, problem: input.problem },
    fingerprint: fingerprint(describeServices(entries)),
    warnings: challengeWarnings(live, challenges),
    services: live.map((version) =>
      describeLive(version, names, warnings.get(version.routed.service.name) ?? [], input.reachOf),
    ),
    rejected: entries.flatMap(({ name, live: version, rejection }) =>
      rejection
        ? [
            {
              service: name,
              reason: rejection.kind,
              message: rejection.message,
              olderVersionLive: version !== undefined,
            },
          ]
        : [],
    ),
    certificates: certificates.map(({ file, names: certified, expires, problem }) => ({
      name: file.name,
      source: file.source,
      names: certified,
      expires: expires?.toISOString(),
      problem,
      renewAt: renewalOf(file.name)?.renewAt,
      renewalProblem: renewalOf(file.name)?.problem,
    })),
    changes: changes.map(({ atMs, outcome, reason, services, durationMs }) => ({
      at: new Date(atMs).toISOString(),
      way: outcome,
      reason,
      services,
      durationMs: Math.round(durationMs),
    })),
  };
}

/** What keeps an authority from its answers, or a companion from its challenges. */
function challengeWarnings(
  live: readonly ServiceVersion[],
  { isWanted, isLive }: StatusInput['challenges'],
): readonly string[] {
  if (!isWanted) return [];
  const overtaken = overtakenServices(live.map(({ routed }) => routed));
  return [
    ...(isLive
      ? []
      : [
          'HAProxy does not answer the challenges of authorities: the main template lacks {{.AcmeChallenge}} as the first line of its frontend',
        ]),
    ...overtaken.map(
      (service) =>
        `service ${service} is routed because of a path below ${CHALLENGE_PATH}, but gets no challenges any more: the proxy answers them itself; expected com.df.acmePassthrough=true, or the service removed`,
    ),
  ];
}

/** Text that is equal on all replicas that serve the same services. */
export function describeServices(entries: readonly ServiceEntry[]): string {
  const live = entries.flatMap((entry) => (entry.live ? [entry.live.parameters] : []));
  return JSON.stringify(
    live.map((parameters) =>
      Object.entries(parameters)
        .filter(([name]) => name !== 'distribute')
        .sort(),
    ),
  );
}

function describeLive(
  { routed }: ServiceVersion,
  names: ReturnType<typeof nameDestinations>,
  issues: readonly Issue[],
  reachOf: StatusInput['reachOf'],
) {
  const { service } = routed;
  return {
    service: service.name,
    aclName: service.aclName,
    replicas: service.replicas,
    // Only a service that can wake keeps its routes without replicas.
    asleep: service.replicas === 0 ? true : undefined,
    canaryOf: service.canary?.of,
    canaryWeight: service.canary?.weight,
    warnings: issues.map(formatIssue),
    routes: service.destinations.map((destination) => {
      const { mode, paths, domains, port, srcPort, httpsPort, serviceGroup, auth } = destination;
      const { backend, httpsBackend } = names(service, destination);
      const reached = [
        ...(port === undefined ? [] : [reachOf(backend)]),
        ...(httpsPort === undefined ? [] : [reachOf(httpsBackend)]),
      ].filter((one) => one !== undefined);
      const problems = reached.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
      return {
        mode,
        paths,
        domains,
        srcPort,
        port,
        httpsPort,
        group: serviceGroup,
        authServer: auth && asksAuthServer(destination) ? authServerOf(auth).backend : undefined,
        backend: port === undefined ? undefined : backend,
        httpsBackend: httpsPort === undefined ? undefined : httpsBackend,
        // Absent while nobody has looked.
        reachable: reached.length === 0 ? undefined : problems.length === 0,
        problem: problems.length === 0 ? undefined : [...new Set(problems)].join('; '),
      };
    }),
  };
}
