import {
  boolean,
  choice,
  duration,
  integer,
  list,
  listenAddress,
  logLevel,
  optionalText,
  text,
  variable,
} from '@docker-flow/daemon/config/environment';
import { readDomainName, type Parsed } from '@docker-flow/labels';
import { limit } from './limit.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const KEY_TYPES = ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'] as const;

/** An address of a server; unset and empty give the fallback. */
function url(fallback: string | undefined, protocols: readonly string[]) {
  return variable<URL | undefined>((value) => {
    const written = value === undefined || value === '' ? fallback : value;
    if (written === undefined) return { ok: true, value: undefined };
    const expected = protocols.map((one) => `${one}//host`).join(' or ');
    try {
      const read = new URL(written);
      return protocols.includes(read.protocol)
        ? { ok: true, value: read }
        : { ok: false, problem: 'is not such an address', expected };
    } catch {
      return { ok: false, problem: 'is not an address', expected };
    }
  });
}

/** A share of a whole, between 0 and 1. */
function share(fallback: number) {
  return variable<number>((value) => {
    if (value === undefined || value === '') return { ok: true, value: fallback };
    const read = /^(?:0?\.[0-9]{1,9}|0|1(?:\.0+)?)$/.test(value) ? Number(value) : NaN;
    return read > 0 && read < 1
      ? { ok: true, value: read }
      : { ok: false, problem: 'is not a share of the lifetime', expected: 'a number between 0 and 1' };
  });
}

/** Domain names with commas between them, `*.` in front for all below; `*` alone for all. */
function allowedNames() {
  return variable<readonly string[]>((value) => {
    const items = (value ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    const read = items.map((item): Parsed<string> =>
      item === '*' ? { ok: true, value: item } : readDomainName(item),
    );
    const bad = read.find((one) => !one.ok);
    if (bad?.ok === false)
      return { ok: false, problem: bad.problem, expected: 'names such as acme.com,*.acme.com' };
    return { ok: true, value: read.flatMap((one) => (one.ok ? [one.value] : [])) };
  });
}

/** Every variable of the program with its default. */
export const ENVIRONMENT = {
  DF_LISTEN_ADDRESS: listenAddress(),
  LOG_LEVEL: logLevel(),
  LISTENER_ADDRESS: list(),
  DF_RESYNC_INTERVAL: duration(MINUTE),
  PROXY_ADDRESS: url('http://proxy:8080', ['http:', 'https:']),
  PROXY_SERVICE_NAME: optionalText(),
  PROXY_API_TOKEN: optionalText(),
  API_TOKEN: optionalText(),
  DIRECTORY_URL: url(undefined, ['https:']),
  STAGING: boolean(false),
  CA_FILE: optionalText(),
  EMAIL: optionalText(),
  AGREE_TOS: boolean(false),
  EAB_KID: optionalText(),
  EAB_HMAC_KEY: optionalText(),
  ACCOUNT_KEY: optionalText(),
  KEY_TYPE: choice(KEY_TYPES, 'ecdsa-p256'),
  PROFILE: optionalText(),
  ACME_DEFAULT: boolean(false),
  ACME_ALLOW: allowedNames(),
  CHALLENGE: choice(['http-01', 'dns-01'], 'http-01'),
  DNS_PROVIDER: choice(['', 'rfc2136', 'acme-dns'], ''),
  DNS_WAIT: duration(5 * SECOND),
  RFC2136_SERVER: optionalText(),
  RFC2136_ZONE: optionalText(),
  RFC2136_TSIG_NAME: optionalText(),
  RFC2136_TSIG_ALGORITHM: choice(
    ['hmac-sha256', 'hmac-sha1', 'hmac-sha224', 'hmac-sha384', 'hmac-sha512'],
    'hmac-sha256',
  ),
  RFC2136_TSIG_SECRET: optionalText(),
  ACME_DNS_URL: url(undefined, ['http:', 'https:']),
  ACME_DNS_ACCOUNTS: optionalText(),
  RENEW_AT: share(0.667),
  RENEW_CHECK_INTERVAL: duration(HOUR),
  RETRY_MIN: duration(5 * MINUTE),
  RETRY_MAX: duration(24 * HOUR),
  CA_RETRY_MIN: duration(10 * SECOND),
  SETTLE: duration(5 * SECOND),
  MAX_ORDERS: integer(4, { min: 1, max: 100 }),
  LIMIT_ORDERS: limit(),
  LIMIT_SAME_SET: limit(),
  LIMIT_DOMAIN: limit(),
  LIMIT_FAILURES: limit(),
  PROXY_LOOK_INTERVAL: duration(10 * SECOND),
  INSTANCE_LEASE: duration(60 * SECOND),
  STATE_DIR: text('/state'),
} as const;

/** Variables that `<NAME>_FILE` and Swarm secrets may provide, too. */
export const SECRET_VARIABLES = [
  'PROXY_API_TOKEN',
  'API_TOKEN',
  'EAB_KID',
  'EAB_HMAC_KEY',
  'ACCOUNT_KEY',
  'RFC2136_TSIG_SECRET',
  'ACME_DNS_ACCOUNTS',
] as const;
