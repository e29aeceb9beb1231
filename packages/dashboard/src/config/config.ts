import type { ListenAddress, LogLevel } from '@docker-flow/daemon/config/environment';
import { readEnvironment, type Environment } from '@docker-flow/daemon/config/environment';
import { invalidEnvironment } from '@docker-flow/daemon/config/problem-list';
import { withSecrets } from '@docker-flow/daemon/config/secrets';
import { withoutQuotedValues } from '@docker-flow/daemon/config/unquote';
import type { SourceName } from '../core/readings/readings.js';
import { ADDRESSES, ENVIRONMENT, SECRET_VARIABLES } from './environment.js';

/** Everything the environment says. */
export interface Config {
  readonly listen: ListenAddress;
  readonly logLevel: LogLevel;
  /** Empty, or a path without a slash at its end under which everything exists as well. */
  readonly prefix: string;
  /** Without a slash at the end; absent: the program does not run, or shall not be shown. */
  readonly addresses: Readonly<Partial<Record<SourceName, string>>>;
  readonly pollMs: number;
  readonly secrets: readonly string[];
  /** What stands in the environment and is not read as it is written. */
  readonly warnings: readonly string[];
}

/** Where the programs listen when the address says no port. */
const PORTS: Readonly<Partial<Record<SourceName, number>>> = { prometheus: 9090, alertmanager: 9093 };
const OWN_PORT = 8080;

const VARIABLES = [...Object.keys(ENVIRONMENT), ...SECRET_VARIABLES];

/** @throws {InvalidConfigurationError} with every problem at once */
export function readConfig(environment: Environment): Config {
  const { environment: given, warnings } = withoutQuotedValues(environment, VARIABLES);
  const names = Object.keys(ADDRESSES) as (keyof typeof ADDRESSES)[];
  const env = readEnvironment(ENVIRONMENT, withSecrets(given, { names: SECRET_VARIABLES }));
  const addresses: Partial<Record<SourceName, string>> = {};
  const problems: string[] = [];
  for (const variable of names) {
    const value = env[variable];
    if (value === undefined) continue;
    const source = ADDRESSES[variable];
    const url = sourceUrl(value, PORTS[source] ?? OWN_PORT);
    if (url === undefined)
      problems.push(`${variable} is not an address; expected host, host:port, or http://host:port/path`);
    else addresses[source] = url;
  }
  const tokens = {
    listener: env.LISTENER_API_TOKEN,
    proxy: env.PROXY_API_TOKEN,
    monitor: env.MONITOR_API_TOKEN,
  };
  for (const source of ['listener', 'proxy', 'monitor'] as const) {
    const [address, token] = [addresses[source], tokens[source]];
    if (address !== undefined && token !== undefined) addresses[source] = withToken(address, token);
  }
  if (problems.length > 0) throw invalidEnvironment(problems);
  return {
    listen: env.DF_LISTEN_ADDRESS,
    logLevel: env.LOG_LEVEL,
    prefix: `/${env.SERVER_PREFIX}`.replace(/\/+/g, '/').replace(/\/$/, ''),
    addresses,
    pollMs: env.DASHBOARD_POLL_INTERVAL,
    warnings,
    secrets: Object.values(addresses).flatMap((address) => {
      const { password } = new URL(address);
      return password === '' ? [] : [password, decodeURIComponent(password)];
    }),
  };
}

/** The token as the password of nobody, unless the address has a password of its own. */
function withToken(address: string, token: string): string {
  const url = new URL(address);
  if (url.password === '') url.password = encodeURIComponent(token);
  return url.href.replace(/\/+$/, '');
}

/** `http://` and `https://` addresses are used as given, a bare host gets a port; `undefined` for no address. */
export function sourceUrl(address: string, port: number): string | undefined {
  const isUrl = /^https?:\/\//.test(address);
  const text = isUrl ? address : `http://${address}${/:[0-9]+$/.test(address) ? '' : `:${port}`}`;
  return URL.canParse(text) ? text.replace(/\/+$/, '') : undefined;
}
