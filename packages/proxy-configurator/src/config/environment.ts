import type { z } from 'zod/v3';
import { boolean, integer, logLevel, text, type Environment } from '@docker-flow/daemon/config/environment';
import { PROXY_LABELS, readBoolean } from '@docker-flow/labels';
import { readScalerAddress } from './scaler-address.js';

const CIPHERS = [
  'ECDH+AESGCM',
  'ECDH+CHACHA20',
  'DH+AESGCM',
  'ECDH+AES256',
  'DH+AES256',
  'ECDH+AES128',
  'DH+AES',
  'RSA+AESGCM',
  'RSA+AES',
  '!aNULL',
  '!MD5',
  '!DSS',
].join(':');

/** `true` in any letter case; everything else is false. */
function isTrue(fallback = 'false') {
  return text(fallback).transform((value) => value.trim().toLowerCase() === 'true');
}

/** The booleans of Go; what is none counts as unset, as it always did. */
function goBoolean(fallback = false) {
  return text().transform((value) => {
    const result = readBoolean(value);
    return result.ok ? result.value : fallback;
  });
}

/** A whole number of seconds. */
function seconds(fallback: string) {
  return text(fallback).refine((value) => /^[0-9]{1,7}$/.test(value), {
    message: 'is not a number of seconds; expected a whole number',
  });
}

/** A number of the original's, where anything unreadable counts as unset. */
function lenientInteger(fallback: number) {
  return text(String(fallback)).transform((value) => (/^[0-9]{1,9}$/.test(value) ? Number(value) : fallback));
}

/** Every variable with its default: those of the original's image. */
export const ENVIRONMENT = {
  DF_LISTEN_ADDRESS: text(),
  IP: text('0.0.0.0'),
  PORT: text('8080').refine((value) => /^[0-9]{1,5}$/.test(value), { message: 'is not a port' }),
  LOG_LEVEL: logLevel(),
  SERVICE_NAME: text('proxy'),
  /** How long a new replica waits before it looks for the others. */
  DNS_LOOKUP_PAUSE_MS: lenientInteger(0),
  LISTENER_ADDRESS: text(),
  RELOAD_INTERVAL: lenientInteger(5000),
  REPEAT_RELOAD: isTrue(),
  TERMINATE_ON_RELOAD: isTrue(),
  SEPARATOR: text(','),
  PROXY_INSTANCE_NAME: text('docker-flow'),
  FILTER_PROXY_INSTANCE_NAME: isTrue(),
  /** Only the value `false` matters. */
  SKIP_ADDRESS_VALIDATION: text('true'),
  HTTPS_ONLY: goBoolean(),
  /** Whether services that say nothing ask for a certificate: the same as for the certificates program. */
  ACME_DEFAULT: goBoolean(),
  /** The account whose challenges are answered, where no certificates program says so. */
  ACME_THUMBPRINT: text().refine((value) => value === '' || /^[A-Za-z0-9_-]{43}$/.test(value), {
    message: 'is not a thumbprint; expected 43 characters of base64url',
  }),
  CFG_TEMPLATE_PATH: text(),
  SERVICE_DOMAIN_ALGO: text('hdr_beg(host)'),
  DEFAULT_PORTS: text('80,443:ssl'),
  BIND_PORTS: text(),
  DEFAULT_REQ_MODE: text('http').transform((value) => value.toLowerCase()),
  EXTRA_FRONTEND: text(),
  EXTRA_GLOBAL: text(),
  CAPTURE_REQUEST_HEADER: text(),
  CONNECTION_MODE: text('http-keep-alive'),
  TIMEOUT_CONNECT: seconds('5'),
  TIMEOUT_CLIENT: seconds('20'),
  TIMEOUT_SERVER: seconds('20'),
  TIMEOUT_QUEUE: seconds('30'),
  TIMEOUT_TUNNEL: seconds('3600'),
  TIMEOUT_HTTP_REQUEST: seconds('5'),
  TIMEOUT_HTTP_KEEP_ALIVE: seconds('15'),
  COMPRESSION_ALGO: text(),
  COMPRESSION_TYPE: text(),
  CHECK_RESOLVERS: goBoolean(),
  DO_NOT_RESOLVE_ADDR: goBoolean(),
  RESOLVERS: text('nameserver dns 127.0.0.11:53'),
  SSL_BIND_OPTIONS: text('ssl-min-ver TLSv1.2 no-tls-tickets'),
  SSL_BIND_CIPHERS: text(CIPHERS),
  ENABLE_H2: isTrue('true'),
  CRT_LIST_PATH: text(),
  PREFERRED_CERTIFICATE: text(),
  CA_FILE: text(),
  /** Networks of proxies in front, with commas between them. */
  TRUSTED_PROXIES: text().refine((value) => value === '' || PROXY_LABELS.allowFrom.type.read(value).ok, {
    message: 'is not a list of networks; expected networks such as 10.0.0.0/8 with commas between them',
  }),
  TRUSTED_PROXY_DEPTH: integer(5, { min: 1, max: 20 }),
  USERS: text(),
  USERS_PASS_ENCRYPTED: isTrue(),
  STATS_USER_ENV: text('STATS_USER'),
  STATS_PASS_ENV: text('STATS_PASS'),
  STATS_URI_ENV: text('STATS_URI'),
  STATS_PORT: text(),
  DEBUG: isTrue(),
  DEBUG_ERRORS_ONLY: isTrue(),
  DEBUG_HTTP_FORMAT: text(),
  DEBUG_TCP_FORMAT: text(),
  /** `json`: one line for each request on standard output. `DEBUG` has its own lines and wins. */
  ACCESS_LOG: text().refine((value) => ['', 'json'].includes(value.toLowerCase()), {
    message: 'is not a kind of log; expected json or nothing',
  }),
  /** One request of so many is logged. */
  ACCESS_LOG_SAMPLE: lenientInteger(1),
  /** Callers of the API must show it; absent: everybody may call. */
  API_TOKEN: text(),
  /** Shown to listeners whose address has no password of its own. */
  LISTENER_API_TOKEN: text(),
  /** Whether labels may hold raw configuration: `backendExtra`, templates, expressions in headers. */
  ALLOW_RAW_LABELS: boolean(true),
  /** Whether services may have requests sent to the proxy itself. */
  ALLOW_LOOPBACK: boolean(false),
  /** The only hosts that `outboundHostname` may name; empty: all but the proxy itself. */
  ALLOWED_HOSTS: text(),
  /** Scaler that starts services with `wakeOnRequest`: name, `host:port` or URL. */
  SCALER_ADDRESS: text().refine((value) => value === '' || readScalerAddress(value) !== undefined, {
    message: 'is not the address of a scaler; expected a name, host:port or a URL such as http://scaler:8080',
  }),
  /** Its token. */
  SCALER_TOKEN: text().refine((value) => /^[!-~]*$/.test(value), {
    message: 'is not a token; expected printable signs without blanks',
  }),
  /** Requests of one service that may wait for its start. */
  WAKE_MAX_WAITING: integer(100, { min: 1, max: 100_000 }),
  /** Whether routes, exclusions and limits look at what a path means, or at its text. */
  NORMALIZE_PATHS: boolean(true),
  /** How long workers of earlier configurations may go on serving their connections. */
  HARD_STOP_AFTER: text('1h'),
  /** How many reloads such a worker may survive. */
  MAX_RELOADS: lenientInteger(50),
};

export type ReadVariables = Readonly<z.output<z.ZodObject<typeof ENVIRONMENT>>>;

const A_BOOLEAN = {
  pattern: /^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/,
  expected: 'true or false',
};
const TRUE_OR_NOT = { pattern: /^(?:true|false)$/i, expected: 'true or false' };
const A_NUMBER = { pattern: /^[0-9]{1,9}$/, expected: 'a whole number' };

/** Variables whose unreadable values never kept the original from starting. */
const LENIENT: Readonly<Record<string, { readonly pattern: RegExp; readonly expected: string }>> = {
  HTTPS_ONLY: A_BOOLEAN,
  ACME_DEFAULT: A_BOOLEAN,
  CHECK_RESOLVERS: A_BOOLEAN,
  DO_NOT_RESOLVE_ADDR: A_BOOLEAN,
  REPEAT_RELOAD: TRUE_OR_NOT,
  TERMINATE_ON_RELOAD: TRUE_OR_NOT,
  FILTER_PROXY_INSTANCE_NAME: TRUE_OR_NOT,
  ENABLE_H2: TRUE_OR_NOT,
  USERS_PASS_ENCRYPTED: TRUE_OR_NOT,
  DEBUG: TRUE_OR_NOT,
  DEBUG_ERRORS_ONLY: TRUE_OR_NOT,
  RELOAD_INTERVAL: A_NUMBER,
  DNS_LOOKUP_PAUSE_MS: A_NUMBER,
  STATS_PORT: { pattern: /^[0-9]{1,5}$/, expected: 'a port' },
  DEFAULT_REQ_MODE: { pattern: /^(?:http|tcp|sni)$/i, expected: 'http, tcp or sni' },
  CAPTURE_REQUEST_HEADER: {
    pattern: /^ *[^,: ]+ *: *[0-9]+ *(?:, *[^,: ]+ *: *[0-9]+ *)*$/,
    expected: 'name:length, several joined by commas',
  },
};

/** One line about each variable that is set to something unreadable and was read as if it were not. */
export function lenientVariables(environment: Environment): readonly string[] {
  return Object.entries(LENIENT).flatMap(([name, { pattern, expected }]) => {
    const value = environment[name] ?? '';
    if (value === '' || pattern.test(value.trim())) return [];
    return [`${name}=${JSON.stringify(value)} cannot be read and is left out; expected ${expected}`];
  });
}

/** Variables that `<NAME>_FILE` and plain Swarm secrets may provide, too. */
export const SECRET_VARIABLES = [
  'USERS',
  'STATS_USER',
  'STATS_PASS',
  'API_TOKEN',
  'LISTENER_API_TOKEN',
  'SCALER_TOKEN',
] as const;
