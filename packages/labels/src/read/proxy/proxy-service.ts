import type { RequestMode } from '../../catalogue/types/proxy/haproxy.js';
import type { Chooser } from '../../catalogue/types/proxy/header-names.js';
import type { HeaderMatch, RateLimit } from '../../catalogue/types/proxy/http.js';
import type { PathRewrite } from '../../catalogue/types/proxy/path-rewrites.js';
import type { UserEntry } from '../../catalogue/types/proxy/user-entries.js';

export type { Chooser, HeaderMatch, PathRewrite, RateLimit, RequestMode, UserEntry };

/** What is done to the headers of a request or a response; each item is the rest of an HAProxy rule. */
export interface HeaderChanges {
  readonly add: readonly string[];
  readonly set: readonly string[];
  readonly del: readonly string[];
}

/** An auth server that is asked about every request. */
export interface ForwardAuth {
  /** `http` or `https` URL with host, maybe port, path and query. */
  readonly url: string;
  /** Where browsers that get 401 are sent; `{url}` in it stands for the address they asked for. */
  readonly signin: string | undefined;
  /** Names of the headers of the client that it sees; `undefined`: all. */
  readonly requestHeaders: readonly string[] | undefined;
  /** Headers of its answer that the service gets; an asterisk at the end of a name: all that begin so. */
  readonly responseHeaders: readonly string[];
  /** Paths that pass without asking, with all below them. */
  readonly except: readonly string[];
  readonly timeoutSeconds: number;
}

/** How the proxy speaks to the servers of a destination. */
export interface ServerLine {
  /** TLS server name; absent: the Host header, or the host that is contacted. */
  readonly name: string | undefined;
  /** Secret with the authority whose certificates are taken, or `system`. */
  readonly ca: string | undefined;
  readonly proto: 'h1' | 'h2';
  /** Version of the PROXY protocol that is spoken to them. */
  readonly sendProxy: 'v1' | 'v2' | undefined;
  readonly maxConn: number | undefined;
}

/** When servers are used, and what is tried after a failure. Absent: as HAProxy does by itself. */
export interface Health {
  /** Path with query that is asked for. */
  readonly path: string | undefined;
  readonly intervalSeconds: number | undefined;
  readonly rise: number | undefined;
  readonly fall: number | undefined;
  readonly slowStartSeconds: number | undefined;
  readonly retries: number | undefined;
  readonly retryOn: readonly string[] | undefined;
  readonly outlierErrors: number | undefined;
}

/** What a new version of another service says of itself. */
export interface Canary {
  /** Name of the stable service. */
  readonly of: string;
  /** Percent. */
  readonly weight: number;
  readonly sticky: boolean;
  readonly header: Chooser | undefined;
  readonly cookie: Chooser | undefined;
}

/** How a service that sleeps at 0 replicas is started by its first request. */
export interface Waking {
  /** How long a request is held, at most. */
  readonly waitSeconds: number;
  /** After that time browsers get a page; never more than `waitSeconds`. */
  readonly pageSeconds: number;
  /** What the scaler is asked for. */
  readonly replicas: number;
}

/** One routed piece of a service: a combination of paths, domains and port. */
export interface ProxyDestination {
  /** 0 for the only one without index, otherwise the index of its labels. Part of generated names. */
  readonly index: number;
  readonly mode: RequestMode;
  /** Container port; absent when only `httpsPort` is given. */
  readonly port: number | undefined;
  /** Entry port: http requests must have arrived on it, in tcp and sni mode it is opened. */
  readonly srcPort: number | undefined;
  readonly httpsPort: number | undefined;
  /** Entry port of the `httpsPort` route. */
  readonly srcHttpsPort: number | undefined;
  readonly paths: readonly string[];
  /** Whether `paths` is `/` only because there is a domain and no path. */
  readonly pathImplied: boolean;
  readonly pathsExcluded: readonly string[];
  /** As written; `undefined` when nothing was written. */
  readonly pathType: string | undefined;
  readonly domains: readonly string[];
  readonly headers: readonly HeaderMatch[];
  readonly userAgents: readonly string[];
  readonly httpsOnly: boolean;
  readonly httpsRedirectCode: number | undefined;
  readonly denyHttp: boolean;
  /** Addresses and networks of the only clients that are served; none: everybody is. */
  readonly allowFrom: readonly string[];
  /** Addresses and networks of clients that are not served. */
  readonly denyFrom: readonly string[];
  readonly rateLimit: RateLimit | undefined;
  readonly allowedMethods: readonly string[];
  readonly deniedMethods: readonly string[];
  readonly verifyClientSsl: boolean;
  readonly ignoreAuthorization: boolean;
  readonly auth: ForwardAuth | undefined;
  /** CORS preflights need no password and need not be an allowed method. */
  readonly corsPreflight: boolean;
  readonly redirectFromDomains: readonly string[];
  readonly rewrites: readonly PathRewrite[];
  readonly outboundHostname: string | undefined;
  readonly sslVerifyNone: boolean;
  readonly timeoutServerSeconds: number | undefined;
  readonly timeoutTunnelSeconds: number | undefined;
  readonly timeoutClientSeconds: number | undefined;
  readonly clitcpka: boolean;
  readonly checkTcp: boolean;
  readonly server: ServerLine;
  readonly health: Health;
  /** The entry port reads headers of the PROXY protocol. */
  readonly acceptProxy: boolean;
  readonly serviceGroup: string | undefined;
  readonly balanceGroup: string | undefined;
  readonly userDef: string;
}

/** What one service asks of the proxy. */
export interface ProxyService {
  readonly name: string;
  /** Sort key and prefix of generated names. */
  readonly aclName: string;
  readonly distribute: boolean;
  /** Absent for a global service. */
  readonly replicas: number | undefined;
  readonly proxyInstanceName: string | undefined;
  readonly isDefaultBackend: boolean;
  /** Fetch for domains; `undefined` means the proxy's default. */
  readonly domainAlgo: string | undefined;
  readonly requestHeaders: HeaderChanges;
  readonly responseHeaders: HeaderChanges;
  readonly backendExtra: string | undefined;
  readonly connectionMode: string | undefined;
  readonly compressionAlgo: readonly string[];
  readonly compressionTypes: readonly string[];
  /** `undefined` means the proxy's default. */
  readonly checkResolvers: boolean | undefined;
  readonly discovery: 'overlay' | 'dns';
  /** As written; only `sticky-server` has an effect. */
  readonly sessionType: string | undefined;
  /** Attribute of the cookie of `sticky-server`. */
  readonly cookieSameSite: 'Lax' | 'Strict' | 'None' | undefined;
  /** `undefined`: as `httpsOnly` of the destination says. */
  readonly cookieSecure: boolean | undefined;
  readonly canary: Canary | undefined;
  readonly waking: Waking | undefined;
  /** PEM with real line ends. */
  readonly certificate: string | undefined;
  readonly users: readonly UserEntry[];
  readonly usersSecret: string | undefined;
  readonly usersEncrypted: boolean;
  readonly redirectWhenHttpProto: boolean;
  readonly redirectUnlessHttpsProto: boolean;
  readonly templateFePath: string | undefined;
  readonly templateBePath: string | undefined;
  /** The deprecated pair, as written; part of every destination's `rewrites` already. */
  readonly pathSearch: string | undefined;
  readonly pathReplace: string | undefined;
  /** The names that the service asks a certificate for; redirects to https wait for it there. */
  readonly certificateNames: readonly string[];
  /** Names whose challenges the service answers itself. */
  readonly ownChallengeNames: readonly string[];
  readonly destinations: readonly ProxyDestination[];
}

/** What the operator's environment says about reading labels. */
export interface ProxyLabelDefaults {
  /** Separates the items of a list. */
  readonly separator: string;
  /** Mode of a destination that says none. */
  readonly requestMode: RequestMode;
  /** `HTTPS_ONLY`: every destination, whatever its labels say. */
  readonly httpsOnly: boolean;
  /** Fetch for the domains of services that name none. */
  readonly domainAlgo: string;
  /** `ACME_DEFAULT`: whether a service that says nothing asks for a certificate; absent: it does not. */
  readonly acmeByDefault?: boolean;
  /** `NORMALIZE_PATHS`: whether paths are compared by what they mean; absent: they are. */
  readonly normalizePaths?: boolean;
  /** `CHECK_RESOLVERS`: whether servers of http services are checked where the service says nothing; absent: nobody knows. */
  readonly checkResolvers?: boolean;
}
