import {
  formatIssue,
  nameIssues,
  readCertificateLabels,
  type Challenge,
  type Issue,
  type KeyType,
  type Parameters,
  type RefusedName,
} from '@docker-flow/labels';
import { baseOf, isAllowed } from '../names/covers.js';

/** What can be proven by DNS: nothing, everything, or what there are accounts for. */
export type DnsReach = 'nothing' | 'everything' | ReadonlySet<string>;

export interface RequestSettings {
  readonly acmeByDefault: boolean;
  /** Names that may be ordered; empty: all. */
  readonly allow: readonly string[];
  readonly challenge: Challenge;
  readonly keyType: KeyType;
  readonly profile: string | undefined;
  readonly dns: DnsReach;
  /** Whether the authority is one for trials. */
  readonly isStaging: boolean;
}

/** What one service asks for. */
export interface ServiceRequest {
  readonly service: string;
  readonly names: readonly string[];
  readonly refused: readonly RefusedName[];
  readonly challenge: Challenge;
  readonly keyType: KeyType;
  readonly profile: string | undefined;
  /** Why nothing may be ordered for it. */
  readonly forbidden: string | undefined;
  readonly email: string | undefined;
  readonly issues: readonly Issue[];
}

const SERVICE_NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** Whether Docker would take this as the name of a service: it becomes part of the name of a file. */
export function isDockerServiceName(name: string): boolean {
  return SERVICE_NAME.test(name);
}

/** What a service asks for; `undefined` when it asks for nothing. */
export function readServiceRequest(
  parameters: Parameters,
  settings: RequestSettings,
): ServiceRequest | undefined {
  const service = parameters['serviceName'] ?? '';
  const labels = readCertificateLabels(parameters, {
    separator: ',',
    requestMode: 'http',
    domainAlgo: 'hdr_beg(host)',
    acmeByDefault: settings.acmeByDefault,
  });
  if (labels.asks === 'no') return undefined;
  const challenge = labels.challenge ?? settings.challenge;
  const refused = [...labels.refused];
  const names = labels.names.filter((name) => {
    const reason = reasonAgainst(name, challenge, settings);
    if (reason !== undefined) refused.push({ name, reason });
    return reason === undefined;
  });
  // Who says nothing and has no domain wants nothing.
  if (labels.asks === 'by default' && names.length + refused.length === 0) return undefined;
  return {
    service,
    names,
    refused,
    challenge,
    keyType: labels.keyType ?? settings.keyType,
    profile: labels.profile ?? settings.profile,
    forbidden:
      labels.testing && !settings.isStaging
        ? 'letsencrypt.testing=true: nothing is ordered, because the directory is not one for staging'
        : undefined,
    email: labels.email,
    issues: [...labels.issues, ...nameIssues(parameters, { service, reader: 'certificates' })],
  };
}

function reasonAgainst(
  name: string,
  challenge: Challenge,
  { allow, dns }: RequestSettings,
): string | undefined {
  if (!isAllowed(name, allow)) return 'is not among the names of ACME_ALLOW';
  const isWildcard = name.startsWith('*.');
  if (!isWildcard && challenge === 'http-01') return undefined;
  const what = isWildcard ? 'a wildcard needs DNS-01' : 'it is to be proven by DNS-01';
  if (dns === 'nothing') return `${what}, and DNS_PROVIDER is not set`;
  if (dns !== 'everything' && !dns.has(baseOf(name)))
    return `${what}, and ACME_DNS_ACCOUNTS has no account for ${baseOf(name)}`;
  return undefined;
}

/** Which challenge proves one name. */
export function challengeFor(name: string, challenge: Challenge): Challenge {
  return name.startsWith('*.') ? 'dns-01' : challenge;
}

/** One sentence about refused names and labels that could not be read; `undefined` when there are none. */
export function describeRefusals(
  refused: readonly RefusedName[],
  issues: readonly Issue[],
): string | undefined {
  const parts = [
    ...refused.map(({ name, reason }) => `${name} is refused: ${reason}`),
    ...issues.map(formatIssue),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}
