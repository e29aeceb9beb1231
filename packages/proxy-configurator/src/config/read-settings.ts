import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  listenAddress,
  readEnvironment,
  type Environment,
  type ListenAddress,
} from '@docker-flow/daemon/config/environment';
import type { FileRoot } from '@docker-flow/daemon/files/file-root';
import { readUserEntries, splitList, type RequestMode } from '@docker-flow/labels';
import type { BindPort, Settings, Statistics, User } from '../core/model/settings.js';
import type { ReadVariables } from './environment.js';
import { readScalerAddress } from './scaler-address.js';

/** The scripts lie beside the compiled program. */
const SCRIPTS = fileURLToPath(new URL('../../lua', import.meta.url));

/** `DF_LISTEN_ADDRESS`, else `IP` and `PORT`. */
export function readListenAddress(read: ReadVariables): ListenAddress {
  const fallback = { host: read.IP, port: Number(read.PORT) };
  return readEnvironment(
    { DF_LISTEN_ADDRESS: listenAddress(fallback) },
    { DF_LISTEN_ADDRESS: read.DF_LISTEN_ADDRESS },
  ).DF_LISTEN_ADDRESS;
}

/** What the environment says about the generated configuration. */
export function readSettings(
  read: ReadVariables,
  environment: Environment,
  { root, configs }: { root: FileRoot; configs: string },
): Settings {
  const listen = readListenAddress(read);
  const defaultPorts = readBindPorts(read.DEFAULT_PORTS);
  const bindPorts = readBindPorts(read.BIND_PORTS);
  const trusted = readList(read.TRUSTED_PROXIES);
  const statistics = readStatistics(read, environment, [...defaultPorts, ...bindPorts]);
  return {
    paths: {
      pidFile: root('/var/run/haproxy.pid'),
      adminSocket: root('/var/run/haproxy.sock'),
      exporterSocket: root('/var/run/haproxy-exporter.sock'),
      errorFiles: root('/errorfiles'),
      certificateList: read.CRT_LIST_PATH === '' ? path.join(configs, 'crt-list.txt') : read.CRT_LIST_PATH,
      tables: path.join(configs, 'tables'),
      certifiedNames: path.join(configs, 'certified-names.map'),
      scripts: SCRIPTS,
      authSocket: root('/var/run/haproxy-auth.sock'),
      entrySocket: root('/var/run/haproxy-entry'),
      wakeSocket: root('/var/run/haproxy-wake.sock'),
      scalerToken: root('/var/run/scaler-token'),
      secrets: root('/run/secrets'),
      standInCertificate: path.join(configs, 'stand-in.pem'),
    },
    defaultPorts,
    bindPorts,
    reservedPorts: new Map([
      [listen.port, 'the API of the proxy'],
      ...(statistics?.port === undefined ? [] : [[statistics.port, 'STATS_PORT'] as const]),
    ]),
    labels: {
      separator: read.SEPARATOR,
      requestMode: readMode(read.DEFAULT_REQ_MODE),
      httpsOnly: read.HTTPS_ONLY,
      domainAlgo: read.SERVICE_DOMAIN_ALGO,
      acmeByDefault: read.ACME_DEFAULT,
      normalizePaths: read.NORMALIZE_PATHS,
      checkResolvers: read.CHECK_RESOLVERS,
    },
    normalizePaths: read.NORMALIZE_PATHS,
    extraFrontend: readList(read.EXTRA_FRONTEND),
    extraGlobal: readList(read.EXTRA_GLOBAL),
    captureRequestHeaders: readList(read.CAPTURE_REQUEST_HEADER).flatMap((item) => {
      const [name = '', length] = item.split(':').map((part) => part.trim());
      return length !== undefined && /^[0-9]+$/.test(length) ? [{ name, length }] : [];
    }),
    connectionMode: read.CONNECTION_MODE,
    timeouts: {
      connect: read.TIMEOUT_CONNECT,
      client: read.TIMEOUT_CLIENT,
      server: read.TIMEOUT_SERVER,
      queue: read.TIMEOUT_QUEUE,
      tunnel: read.TIMEOUT_TUNNEL,
      httpRequest: read.TIMEOUT_HTTP_REQUEST,
      httpKeepAlive: read.TIMEOUT_HTTP_KEEP_ALIVE,
    },
    compressionAlgo: read.COMPRESSION_ALGO,
    compressionType: read.COMPRESSION_TYPE,
    checkResolvers: read.CHECK_RESOLVERS,
    toleratesUnresolved: read.CHECK_RESOLVERS || read.DO_NOT_RESOLVE_ADDR,
    resolvers: readList(read.RESOLVERS),
    sslBindOptions: read.SSL_BIND_OPTIONS,
    sslBindCiphers: read.SSL_BIND_CIPHERS,
    http2: read.ENABLE_H2,
    caFile: read.CA_FILE,
    trustedProxies: trusted.length === 0 ? undefined : { networks: trusted, depth: read.TRUSTED_PROXY_DEPTH },
    scaler: read.SCALER_ADDRESS === '' ? undefined : readScalerAddress(read.SCALER_ADDRESS),
    maxWaiting: read.WAKE_MAX_WAITING,
    users: readUsers(read.USERS, read.USERS_PASS_ENCRYPTED),
    statistics,
    debug: {
      on: read.DEBUG,
      errorsOnly: read.DEBUG_ERRORS_ONLY,
      httpFormat: read.DEBUG_HTTP_FORMAT,
      tcpFormat: read.DEBUG_TCP_FORMAT,
    },
    accessLog:
      read.ACCESS_LOG === '' || read.DEBUG ? undefined : { oneOf: Math.max(1, read.ACCESS_LOG_SAMPLE) },
    hardStopAfter: read.HARD_STOP_AFTER,
    maxReloads: read.MAX_RELOADS,
  };
}

function readMode(value: string): RequestMode {
  return value === 'tcp' || value === 'sni' ? value : 'http';
}

function readUsers(value: string, encrypted: boolean): readonly User[] {
  return readUserEntries(value, { nameOnly: false }).users.map(({ name, password }) => ({
    name,
    password: password ?? '',
    encrypted,
  }));
}

/**
 * `none` as user and password opens the page to everybody. On an http port it lives there: a listener of its own
 * on the same port would get some of the connections only.
 */
function readStatistics(
  read: ReadVariables,
  environment: Environment,
  httpPorts: readonly BindPort[],
): Statistics | undefined {
  const value = (name: string) => environment[name] ?? '';
  const user = value(read.STATS_USER_ENV);
  const password = value(read.STATS_PASS_ENV);
  if (user === '' || password === '') return undefined;
  const isOpen = user.toLowerCase() === 'none' && password.toLowerCase() === 'none';
  const uri = value(read.STATS_URI_ENV);
  const port = /^[0-9]{1,5}$/.test(read.STATS_PORT) ? Number(read.STATS_PORT) : undefined;
  return {
    uri: uri === '' ? '/admin?stats' : uri,
    port: port === 80 || httpPorts.some((one) => one.port === port) ? undefined : port,
    credentials: isOpen ? undefined : { user, password },
  };
}

function readBindPorts(value: string): readonly BindPort[] {
  return readList(value).map((item) => {
    const port = /^([0-9]{1,5})(?=$|[\s:])/.exec(item)?.[1];
    return { text: item, port: port === undefined ? undefined : Number(port) };
  });
}

/** Items between commas that stand in no quotes and brackets, trimmed, empty ones dropped. */
export function readList(value: string): readonly string[] {
  return splitList(value)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
