import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  readEnvironment,
  type Environment,
  type ListenAddress,
  type LogLevel,
} from '@docker-flow/daemon/config/environment';
import { withSecrets } from '@docker-flow/daemon/config/secrets';
import { withoutQuotedValues } from '@docker-flow/daemon/config/unquote';
import { fileRoot, type FileRoot } from '@docker-flow/daemon/files/file-root';
import { readCommandLine } from './command-line.js';
import type { Settings } from '../core/model/settings.js';
import { withoutSecrets } from '../core/text/without-secrets.js';
import { ENVIRONMENT, SECRET_VARIABLES, lenientVariables } from './environment.js';
import { readListenAddress, readSettings, readList } from './read-settings.js';

/** Those that may be in quotes. Labels of services in `DFP_SERVICE_…` have rules of their own. */
const VARIABLES = [...Object.keys(ENVIRONMENT), ...SECRET_VARIABLES, 'STATS_URI'];

/** Everything the program reads from its environment, once. */
export interface Config {
  readonly settings: Settings;
  readonly listen: ListenAddress;
  readonly logLevel: LogLevel;
  readonly secrets: readonly string[];
  readonly root: FileRoot;
  readonly serviceName: string;
  readonly peerPauseMs: number;
  readonly instanceName: string;
  readonly filterInstance: boolean;
  readonly listeners: readonly string[];
  readonly reloadIntervalMs: number;
  /** The interval was set by hand: then it is also the pause before the first fetch, as it always was. */
  readonly waitsBeforeFetch: boolean;
  readonly repeatReload: boolean;
  readonly validateAddress: boolean;
  readonly terminateOnReload: boolean;
  readonly allowRaw: boolean;
  /** Where requests may be sent. */
  readonly hosts: { readonly allowLoopback: boolean; readonly allowedHosts: readonly string[] };
  readonly apiToken: string | undefined;
  readonly listenerToken: string | undefined;
  /** Of the scaler that is asked to start services. */
  readonly scalerToken: string | undefined;
  /** `ACME_THUMBPRINT`. */
  readonly acmeThumbprint: string | undefined;
  readonly preferredCertificates: readonly string[];
  /** The operator's own list, used as it is. */
  readonly ownCertificateList: string | undefined;
  readonly mainTemplate: string | undefined;
  readonly templatesPath: string;
  readonly files: {
    readonly config: string;
    readonly state: string;
    readonly masterSocket: string;
    readonly certificates: string;
    readonly labelCertificates: string;
    readonly secrets: string;
    readonly defaultTemplate: string;
  };
  /** About variables that are not in force as they are written, one line each. */
  readonly warnings: readonly string[];
  /** For services described by `DFP_SERVICE_…`. */
  readonly environment: Environment;
  /** What HAProxy finds in its environment: no secrets. */
  readonly haproxyEnvironment: Environment;
}

/**
 * Reads the environment, Swarm secrets (`dfp_<variable>`, which win, and `<NAME>_FILE`) and the flags of
 * the original's command line.
 *
 * @throws {InvalidConfigurationError} naming every unreadable variable at once
 */
export function readConfig(environment: Environment, argv: readonly string[] = []): Config {
  const root = fileRoot(environment['DF_FS_ROOT']);
  const flags = readCommandLine(argv);
  const unquoted = withoutQuotedValues({ ...environment, ...flags.environment }, VARIABLES);
  const secretsDirectory = root('/run/secrets');
  const merged: Environment = {
    ...withSecrets(unquoted.environment, {
      names: SECRET_VARIABLES,
      protecting: ['API_TOKEN', 'LISTENER_API_TOKEN', 'SCALER_TOKEN'],
      directory: secretsDirectory,
    }),
    ...readPrefixedSecrets(secretsDirectory),
  };
  const read = readEnvironment(ENVIRONMENT, merged);
  const configs = flags.configsPath ?? root('/cfg');
  const templates = flags.templatesPath ?? root('/cfg/tmpl');
  const settings = readSettings(read, merged, { root, configs });
  return {
    settings,
    listen: readListenAddress(read),
    logLevel: read.LOG_LEVEL,
    secrets: [
      read.API_TOKEN,
      read.LISTENER_API_TOKEN,
      read.SCALER_TOKEN,
      ...settings.users.map(({ password }) => password),
      settings.statistics?.credentials?.password ?? '',
    ].filter((secret) => secret.length >= 4),
    root,
    serviceName: read.SERVICE_NAME,
    peerPauseMs: read.DNS_LOOKUP_PAUSE_MS,
    instanceName: read.PROXY_INSTANCE_NAME,
    filterInstance: read.FILTER_PROXY_INSTANCE_NAME,
    listeners: readList(read.LISTENER_ADDRESS),
    reloadIntervalMs: Math.max(100, read.RELOAD_INTERVAL),
    waitsBeforeFetch: Boolean(merged['RELOAD_INTERVAL']),
    repeatReload: read.REPEAT_RELOAD,
    validateAddress: read.SKIP_ADDRESS_VALIDATION.trim().toLowerCase() === 'false',
    terminateOnReload: read.TERMINATE_ON_RELOAD,
    allowRaw: read.ALLOW_RAW_LABELS,
    hosts: { allowLoopback: read.ALLOW_LOOPBACK, allowedHosts: readList(read.ALLOWED_HOSTS) },
    acmeThumbprint: read.ACME_THUMBPRINT === '' ? undefined : read.ACME_THUMBPRINT,
    apiToken: read.API_TOKEN === '' ? undefined : read.API_TOKEN,
    listenerToken: read.LISTENER_API_TOKEN === '' ? undefined : read.LISTENER_API_TOKEN,
    scalerToken: read.SCALER_TOKEN === '' ? undefined : read.SCALER_TOKEN,
    preferredCertificates: readList(read.PREFERRED_CERTIFICATE),
    ownCertificateList: read.CRT_LIST_PATH === '' ? undefined : read.CRT_LIST_PATH,
    mainTemplate: mainTemplatePath(read.CFG_TEMPLATE_PATH, templates),
    templatesPath: templates,
    files: {
      config: path.join(configs, 'haproxy.cfg'),
      state: path.join(configs, 'services.json'),
      masterSocket: root('/var/run/haproxy-master.sock'),
      certificates: root('/certs'),
      labelCertificates: path.join(configs, 'label-certificates'),
      secrets: secretsDirectory,
      defaultTemplate: path.join(templates, 'haproxy.tmpl'),
    },
    warnings: [...unquoted.warnings, ...lenientVariables(merged)],
    environment: merged,
    haproxyEnvironment: withoutSecrets(environment),
  };
}

function mainTemplatePath(named: string, templates: string): string | undefined {
  if (['', 'haproxy.tmpl', '/cfg/tmpl/haproxy.tmpl'].includes(named)) return undefined;
  return path.isAbsolute(named) ? named : path.join(templates, named);
}

/** Secrets `dfp_<variable>`: each replaces the variable of that name. */
function readPrefixedSecrets(directory: string): Environment {
  const found: Record<string, string> = {};
  for (const file of listDirectory(directory)) {
    const name = /^dfp_([a-z0-9_]+)$/.exec(file)?.[1];
    if (name === undefined) continue;
    found[name.toUpperCase()] = readFileSync(path.join(directory, file), 'utf8').replace(/[\r\n]+$/, '');
  }
  return found;
}

function listDirectory(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
