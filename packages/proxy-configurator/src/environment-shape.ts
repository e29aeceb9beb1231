import type { z } from 'zod/v3';
import { boolean, logLevel, text } from '@docker-flow/daemon/without-docker';

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

/** A whole number of seconds. */
function seconds(fallback: string) {
  return text(fallback).refine((value) => /^[0-9]{1,7}$/.test(value), {
    message: 'is no number of seconds; expected a whole number',
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
  PORT: text('8080').refine((value) => /^[0-9]{1,5}$/.test(value), { message: 'is no port' }),
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
  HTTPS_ONLY: boolean(false),
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
  CHECK_RESOLVERS: boolean(false),
  DO_NOT_RESOLVE_ADDR: boolean(false),
  RESOLVERS: text('nameserver dns 127.0.0.11:53'),
  SSL_BIND_OPTIONS: text('ssl-min-ver TLSv1.2 no-tls-tickets'),
  SSL_BIND_CIPHERS: text(CIPHERS),
  ENABLE_H2: isTrue('true'),
  CRT_LIST_PATH: text(),
  PREFERRED_CERTIFICATE: text(),
  CA_FILE: text(),
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
    message: 'is no kind of log; expected json or nothing',
  }),
  /** One request of so many is logged. */
  ACCESS_LOG_SAMPLE: lenientInteger(1),
  /** Callers of the API must show it; absent: everybody may call. */
  API_TOKEN: text(),
  /** Whether labels may hold raw configuration: `backendExtra`, templates, expressions in headers. */
  ALLOW_RAW_LABELS: boolean(true),
  /** How long workers of earlier configurations may go on serving their connections. */
  HARD_STOP_AFTER: text('1h'),
  /** How many reloads such a worker may survive. */
  MAX_RELOADS: lenientInteger(50),
};

export type ReadVariables = Readonly<z.output<z.ZodObject<typeof ENVIRONMENT>>>;

/** Variables that `<NAME>_FILE` and plain Swarm secrets may provide, too. */
export const SECRET_VARIABLES = ['USERS', 'STATS_USER', 'STATS_PASS', 'API_TOKEN'] as const;
