import { hostClaims } from '../core/certificates/host-claims.js';
import type { Rejection, Versions } from '../core/model/service-version.js';
import type { Settings } from '../core/model/settings.js';
import type { LabelCertificates } from '../ports.js';
import type { Candidates } from './candidates.js';

/** The certificates that these versions of services bring, and whose the names in them are. */
export function labelCertificates(versions: Versions, { labels }: Settings): LabelCertificates {
  const services = [...versions.values()].map(({ routed }) => routed.service);
  return {
    pems: new Map(
      services.flatMap(({ name, certificate }) => (certificate === undefined ? [] : [[name, certificate]])),
    ),
    claims: hostClaims(services, { defaultAlgo: labels.domainAlgo }),
  };
}

/** Rejects the services whose certificates HAProxy does not take. */
export function rejectCertificates(candidates: Candidates, blamed: ReadonlyMap<string, string>): void {
  for (const [service, complaint] of blamed) {
    const message = `service ${service}: label serviceCert holds a certificate that HAProxy does not take: ${complaint}`;
    const rejection: Rejection = { kind: 'certificate', status: 400, message };
    candidates.reject(service, rejection);
  }
}
