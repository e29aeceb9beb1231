import { formatIssue } from '@docker-flow/labels';
import type { CertificateState } from '../certificates/certificate-store.js';
import { nameDestinations } from '../core/model/names.js';
import type { Capabilities } from '../core/model/settings.js';
import type { ServiceVersion } from '../core/model/service-version.js';
import { fingerprint } from '../fingerprint.js';
import type { ServiceEntry } from '../services/service-store.js';

export interface StatusInput {
  readonly entries: readonly ServiceEntry[];
  readonly certificates: readonly CertificateState[];
  readonly capabilities: Capabilities;
  readonly isRunning: boolean;
}

/** What the proxy serves, what it does not and why; no secrets. */
export function statusOf({ entries, certificates, capabilities, isRunning }: StatusInput) {
  const live = entries.flatMap((entry) => (entry.live ? [entry.live] : []));
  const names = nameDestinations(live.map(({ routed }) => routed.service));
  return {
    haproxy: { version: capabilities.version.join('.'), running: isRunning },
    fingerprint: fingerprint(describeServices(entries)),
    services: live.map((version) => describeLive(version, names)),
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
    certificates: certificates.map(({ file, expires, problem }) => ({
      name: file.name,
      source: file.source,
      expires: expires?.toISOString(),
      problem,
    })),
  };
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

function describeLive({ routed, warnings }: ServiceVersion, names: ReturnType<typeof nameDestinations>) {
  const { service } = routed;
  return {
    service: service.name,
    aclName: service.aclName,
    replicas: service.replicas,
    warnings: warnings.map(formatIssue),
    routes: service.destinations.map((destination) => {
      const { mode, paths, domains, port, srcPort, httpsPort, serviceGroup } = destination;
      const { backend, httpsBackend } = names(service, destination);
      return {
        mode,
        paths,
        domains,
        srcPort,
        port,
        httpsPort,
        group: serviceGroup,
        backend: port === undefined ? undefined : backend,
        httpsBackend: httpsPort === undefined ? undefined : httpsBackend,
      };
    }),
  };
}
