import type { ProxyLabelDefaults } from '@docker-flow/labels';
import type { AccessLog } from './access-log.js';

/** What a HAProxy of a certain version can do, as far as it changes what is written. */
export interface Capabilities {
  /** `[2, 6]` */
  readonly version: readonly [major: number, minor: number];
  readonly prometheusExporter: boolean;
  /** Whether it runs Lua, which forward auth needs. */
  readonly lua: boolean;
}

/** One entry of `DEFAULT_PORTS` or `BIND_PORTS`, such as `443 accept-proxy:ssl`. */
export interface BindPort {
  /** Everything after `bind *:`, with `:ssl` still in it. */
  readonly text: string;
  readonly port: number | undefined;
}

/** The user and the group whose rights HAProxy's workers take. */
export interface WorkerUser {
  readonly user: string;
  readonly group: string;
}

/** A user of basic authentication. */
export interface User {
  readonly name: string;
  readonly password: string;
  /** Whether the password is a crypt(3) hash. */
  readonly encrypted: boolean;
}

export interface Statistics {
  readonly uri: string;
  /** Absent: the page lives on every http port. */
  readonly port: number | undefined;
  /** Absent: everybody may see it. */
  readonly credentials: { readonly user: string; readonly password: string } | undefined;
}

export interface Debug {
  readonly on: boolean;
  readonly errorsOnly: boolean;
  readonly httpFormat: string;
  readonly tcpFormat: string;
}

/** Seconds, each written as `timeout …` into `defaults`. */
export interface Timeouts {
  readonly connect: string;
  readonly client: string;
  readonly server: string;
  readonly queue: string;
  readonly tunnel: string;
  readonly httpRequest: string;
  readonly httpKeepAlive: string;
}

/** Proxies in front whose word about the client counts. */
export interface TrustedProxies {
  /** Addresses and networks, at least one. */
  readonly networks: readonly string[];
  /** How many of them, one behind the other, are looked through. */
  readonly depth: number;
}

/** The scaler that starts services with 0 replicas. */
export interface Scaler {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** In front of its own paths; no slash at the end. */
  readonly path: string;
}

/** Files the configuration names. */
export interface ConfigPaths {
  readonly pidFile: string;
  readonly adminSocket: string;
  /** Socket on which HAProxy's own exporter answers. */
  readonly exporterSocket: string;
  readonly errorFiles: string;
  /** The list of certificates, generated or the operator's. */
  readonly certificateList: string;
  /** Folder of the look-up tables. */
  readonly tables: string;
  /** The names that have a valid certificate. */
  readonly certifiedNames: string;
  /** Folder of our Lua scripts. */
  readonly scripts: string;
  /** Socket through which auth servers are asked. */
  readonly authSocket: string;
  /** Beginning of the sockets through which connections pass that have none of the names of an entry port. */
  readonly entrySocket: string;
  /** Socket through which the scaler is asked, and services that start are checked. */
  readonly wakeSocket: string;
  /** Holds the scaler's token, which the script reads when it is loaded; labels may read the environment of HAProxy. */
  readonly scalerToken: string;
  /** Folder of the Swarm secrets. */
  readonly secrets: string;
  /** A certificate that trusts nobody; see `httpclient.ssl.ca-file` in `global-section.ts`. */
  readonly standInCertificate: string;
}

/** Everything the operator's environment says about the generated configuration. */
export interface Settings {
  /** Absent: workers keep the rights of this program. */
  readonly worker?: WorkerUser | undefined;
  readonly paths: ConfigPaths;
  readonly defaultPorts: readonly BindPort[];
  readonly bindPorts: readonly BindPort[];
  /** Ports that other parts of the proxy listen on: never an entry port of a service. */
  readonly reservedPorts: ReadonlyMap<number, string>;
  readonly labels: ProxyLabelDefaults;
  /** Decisions look at what a path means; otherwise at its text. */
  readonly normalizePaths: boolean;
  readonly extraFrontend: readonly string[];
  readonly extraGlobal: readonly string[];
  readonly captureRequestHeaders: readonly { readonly name: string; readonly length: string }[];
  readonly connectionMode: string;
  readonly timeouts: Timeouts;
  readonly compressionAlgo: string;
  readonly compressionType: string;
  readonly checkResolvers: boolean;
  /** Names that do not resolve are tolerated. */
  readonly toleratesUnresolved: boolean;
  readonly resolvers: readonly string[];
  readonly sslBindOptions: string;
  readonly sslBindCiphers: string;
  readonly http2: boolean;
  readonly caFile: string;
  readonly trustedProxies: TrustedProxies | undefined;
  /** Absent: nothing is woken. */
  readonly scaler: Scaler | undefined;
  /** Requests of one service that may wait for its start. */
  readonly maxWaiting: number;
  readonly users: readonly User[];
  readonly statistics: Statistics | undefined;
  readonly debug: Debug;
  readonly accessLog: AccessLog | undefined;
  readonly hardStopAfter: string;
  readonly maxReloads: number;
}
