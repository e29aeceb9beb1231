import { readFileSync } from 'node:fs';
import { readEnvironment, type Environment } from '@docker-flow/daemon/config/environment';
import { createProblemList, type ProblemList } from '@docker-flow/daemon/config/problem-list';
import { withSecrets } from '@docker-flow/daemon/config/secrets';
import { withoutQuotedValues } from '@docker-flow/daemon/config/unquote';
import { messageOf } from '@docker-flow/daemon/errors';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { readDomainName } from '@docker-flow/labels';
import { z } from 'zod/v3';
import { keyProblem } from '../account/account.js';
import type { Limit, Limits } from '../core/orders/limits.js';
import type { DnsReach } from '../core/wishes/service-request.js';
import { ENVIRONMENT, SECRET_VARIABLES } from './environment.js';
import type { WrittenLimit } from './limit.js';

const LETS_ENCRYPT = 'https://acme-v02.api.letsencrypt.org/directory';
const LETS_ENCRYPT_STAGING = 'https://acme-staging-v02.api.letsencrypt.org/directory';
const LETS_ENCRYPT_HOST = /(?:^|\.)api\.letsencrypt\.org$/;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Below the limits of Let's Encrypt. */
const LETS_ENCRYPT_LIMITS: Limits = {
  orders: { count: 250, withinMs: 3 * HOUR },
  sameSet: { count: 3, withinMs: 7 * DAY },
  domain: { count: 40, withinMs: 7 * DAY },
  failures: { count: 4, withinMs: HOUR },
};

const AcmeDnsAccounts = z.record(
  z.object({ username: z.string(), password: z.string(), subdomain: z.string(), fulldomain: z.string() }),
);

export type AcmeDnsAccount = z.infer<typeof AcmeDnsAccounts>[string];

/** How records are written into the DNS. */
export type DnsProvider =
  | {
      readonly kind: 'rfc2136';
      readonly server: { readonly host: string; readonly port: number };
      /** Absent: found by asking. */
      readonly zone: string | undefined;
      readonly key:
        { readonly name: string; readonly algorithm: string; readonly secret: Buffer } | undefined;
    }
  | {
      readonly kind: 'acme-dns';
      readonly url: string;
      readonly accounts: ReadonlyMap<string, AcmeDnsAccount>;
    };

/** Everything the environment says. */
export type Config = ReturnType<typeof readConfig>;

type Read = ReturnType<typeof readEnvironment<typeof ENVIRONMENT>>;

const VARIABLES = [...Object.keys(ENVIRONMENT), ...SECRET_VARIABLES];

/** @throws {InvalidConfigurationError} with every problem at once */
export function readConfig(written: Environment) {
  const { environment: given, warnings } = withoutQuotedValues(written, VARIABLES);
  const root = fileRoot(given['DF_FS_ROOT']);
  const problems = createProblemList();
  const environment =
    problems.attempt(() =>
      withSecrets(given, {
        names: SECRET_VARIABLES,
        protecting: ['API_TOKEN', 'ACCOUNT_KEY'],
        directory: root('/run/secrets'),
      }),
    ) ?? given;
  const own = problems.attempt(() => readEnvironment(ENVIRONMENT, environment));
  if (!own) throw problems.error();
  const dns = readDnsProvider(own, problems);
  const ca = readCa(own, problems);
  checkAccount(own, problems);
  if (problems.isAny()) throw problems.error();
  const proxyAddress = own.PROXY_ADDRESS ?? new URL('http://proxy:8080');
  const directoryUrl = own.DIRECTORY_URL?.href ?? (own.STAGING ? LETS_ENCRYPT_STAGING : LETS_ENCRYPT);
  return {
    root,
    listen: own.DF_LISTEN_ADDRESS,
    logLevel: own.LOG_LEVEL,
    listeners: own.LISTENER_ADDRESS,
    resyncMs: own.DF_RESYNC_INTERVAL,
    proxyAddress,
    proxyServiceName: own.PROXY_SERVICE_NAME ?? proxyAddress.hostname.replace(/^\[|\]$/g, ''),
    proxyToken: own.PROXY_API_TOKEN,
    apiToken: own.API_TOKEN,
    directoryUrl,
    isStaging: /staging/i.test(directoryUrl),
    /** PEM of who signs the TLS certificate of the directory. */
    ca,
    email: own.EMAIL,
    agreesToTerms: own.AGREE_TOS,
    binding:
      own.EAB_KID !== undefined && own.EAB_HMAC_KEY !== undefined
        ? { keyId: own.EAB_KID, hmacKey: own.EAB_HMAC_KEY }
        : undefined,
    accountKey: own.ACCOUNT_KEY,
    keyType: own.KEY_TYPE,
    profile: own.PROFILE,
    acmeByDefault: own.ACME_DEFAULT,
    allow: own.ACME_ALLOW,
    challenge: own.CHALLENGE,
    dns,
    dnsReach: reachOf(dns),
    dnsWaitMs: own.DNS_WAIT,
    renewAt: own.RENEW_AT,
    renewCheckMs: own.RENEW_CHECK_INTERVAL,
    backOff: { minMs: own.RETRY_MIN, maxMs: own.RETRY_MAX },
    authorityBackOff: { minMs: own.CA_RETRY_MIN, maxMs: Math.max(HOUR, own.CA_RETRY_MIN) },
    settleMs: own.SETTLE,
    maxOrders: own.MAX_ORDERS,
    limits: readLimits(own, directoryUrl),
    lookMs: own.PROXY_LOOK_INTERVAL,
    leaseMs: own.INSTANCE_LEASE,
    stateDirectory: root(own.STATE_DIR),
    secrets: secretsOf(own, dns),
    /** What stands in the environment and is not read as it is written. */
    warnings,
  };
}

function readLimits(own: Read, directoryUrl: string): Limits {
  const isLetsEncrypt = LETS_ENCRYPT_HOST.test(new URL(directoryUrl).hostname);
  const chosen = (written: WrittenLimit, fallback: Limit | undefined): Limit | undefined => {
    if (written === 'none') return undefined;
    return written ?? (isLetsEncrypt ? fallback : undefined);
  };
  return {
    orders: chosen(own.LIMIT_ORDERS, LETS_ENCRYPT_LIMITS.orders),
    sameSet: chosen(own.LIMIT_SAME_SET, LETS_ENCRYPT_LIMITS.sameSet),
    domain: chosen(own.LIMIT_DOMAIN, LETS_ENCRYPT_LIMITS.domain),
    failures: chosen(own.LIMIT_FAILURES, LETS_ENCRYPT_LIMITS.failures),
  };
}

function readCa({ CA_FILE }: Read, problems: ProblemList): string | undefined {
  if (CA_FILE === undefined) return undefined;
  try {
    const pem = readFileSync(CA_FILE, 'utf8');
    if (!pem.includes('-----BEGIN CERTIFICATE-----'))
      problems.add(`CA_FILE=${JSON.stringify(CA_FILE)} holds no certificate; expected PEM`);
    return pem;
  } catch (error) {
    problems.add(`CA_FILE=${JSON.stringify(CA_FILE)} cannot be read: ${messageOf(error)}`);
    return undefined;
  }
}

function checkAccount({ ACCOUNT_KEY, EAB_KID, EAB_HMAC_KEY, EMAIL }: Read, problems: ProblemList): void {
  const problem = ACCOUNT_KEY === undefined ? undefined : keyProblem(ACCOUNT_KEY);
  if (problem !== undefined) problems.add(`ACCOUNT_KEY ${problem}; expected PEM of an EC or RSA key`);
  if ((EAB_KID === undefined) !== (EAB_HMAC_KEY === undefined))
    problems.add('EAB_KID and EAB_HMAC_KEY belong together; expected both or none');
  if (EAB_HMAC_KEY !== undefined && !/^[A-Za-z0-9+/_-]+=*$/.test(EAB_HMAC_KEY))
    problems.add('EAB_HMAC_KEY is not base64; expected the key as the authority gives it');
  if (EMAIL !== undefined && !/^[^\s@]+@[^\s@]+$/.test(EMAIL))
    problems.add(`EMAIL=${JSON.stringify(EMAIL)} is not an address; expected name@host`);
}

function readDnsProvider(own: Read, problems: ProblemList): DnsProvider | undefined {
  if (own.DNS_PROVIDER === 'rfc2136') return readRfc2136(own, problems);
  if (own.DNS_PROVIDER === 'acme-dns') return readAcmeDns(own, problems);
  if (own.CHALLENGE === 'dns-01')
    problems.add('CHALLENGE="dns-01" needs DNS_PROVIDER; expected rfc2136 or acme-dns');
  return undefined;
}

function readRfc2136(own: Read, problems: ProblemList): DnsProvider | undefined {
  const server = readServer(own.RFC2136_SERVER ?? '');
  if (!server)
    problems.add(
      `RFC2136_SERVER=${JSON.stringify(own.RFC2136_SERVER ?? '')} is no server; expected host or host:port`,
    );
  const zone = own.RFC2136_ZONE?.replace(/\.$/, '').toLowerCase();
  if (zone !== undefined && !/^[a-z0-9_.-]{1,253}$/.test(zone))
    problems.add(`RFC2136_ZONE=${JSON.stringify(own.RFC2136_ZONE)} is no zone; expected a domain name`);
  const name = own.RFC2136_TSIG_NAME?.replace(/\.$/, '').toLowerCase();
  const secret = own.RFC2136_TSIG_SECRET;
  if ((name === undefined) !== (secret === undefined))
    problems.add('RFC2136_TSIG_NAME and RFC2136_TSIG_SECRET belong together; expected both or none');
  if (secret !== undefined && !/^[A-Za-z0-9+/]+=*$/.test(secret))
    problems.add('RFC2136_TSIG_SECRET is not base64; expected the key as the name server has it');
  if (!server) return undefined;
  return {
    kind: 'rfc2136',
    server,
    zone,
    key:
      name === undefined || secret === undefined
        ? undefined
        : { name, algorithm: own.RFC2136_TSIG_ALGORITHM, secret: Buffer.from(secret, 'base64') },
  };
}

const DNS_PORT = 53;

function readServer(text: string): { readonly host: string; readonly port: number } | undefined {
  const match =
    /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9_.-]+|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]*))(?::([0-9]{1,5}))?$/.exec(
      text,
    );
  const port = match?.[3] === undefined ? DNS_PORT : Number(match[3]);
  const host = match?.[1] ?? match?.[2];
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

function readAcmeDns(own: Read, problems: ProblemList): DnsProvider | undefined {
  if (!own.ACME_DNS_URL) problems.add('ACME_DNS_URL is missing; expected the address of the acme-dns server');
  const accounts = readAccounts(own.ACME_DNS_ACCOUNTS ?? '');
  if (!accounts)
    problems.add(
      'ACME_DNS_ACCOUNTS is not understood; expected JSON: domain → {username, password, subdomain, fulldomain}',
    );
  return (
    accounts &&
    own.ACME_DNS_URL && { kind: 'acme-dns', url: own.ACME_DNS_URL.href.replace(/\/+$/, ''), accounts }
  );
}

function readAccounts(text: string): ReadonlyMap<string, AcmeDnsAccount> | undefined {
  try {
    const accounts = Object.entries(AcmeDnsAccounts.parse(JSON.parse(text)));
    const named = accounts.map(([domain, account]) => [readDomainName(domain), account] as const);
    if (named.some(([domain]) => !domain.ok)) return undefined;
    return new Map(
      named.flatMap(([domain, account]) => (domain.ok ? [[domain.value, account] as const] : [])),
    );
  } catch {
    return undefined;
  }
}

function reachOf(dns: DnsProvider | undefined): DnsReach {
  if (!dns) return 'nothing';
  return dns.kind === 'rfc2136' ? 'everything' : new Set(dns.accounts.keys());
}

/** Texts that must never be printed. */
function secretsOf(own: Read, dns: DnsProvider | undefined): readonly string[] {
  const passwords =
    dns?.kind === 'acme-dns'
      ? [...dns.accounts.values()].flatMap(({ username, password }) => [username, password])
      : [];
  const named = SECRET_VARIABLES.filter((name) => name !== 'EAB_KID').map((name) => own[name]);
  return [...named, ...passwords].filter((secret): secret is string => secret !== undefined && secret !== '');
}
