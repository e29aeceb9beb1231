import type { ENVIRONMENT } from '@docker-flow/proxy-configurator';
import { COMMON_VARIABLES } from './common-variables.js';

/** One sentence for each variable of the proxy. */
export const PROXY_VARIABLES: Readonly<Record<keyof typeof ENVIRONMENT, string>> = {
  DF_LISTEN_ADDRESS: 'Where the API listens: `host:port` or `:port`; wins over `IP` and `PORT`.',
  LOG_LEVEL: COMMON_VARIABLES.LOG_LEVEL,
  IP: 'Address on which the API listens.',
  PORT: 'Port of the API.',
  SERVICE_NAME: "Name of the proxy's own Swarm service; replicas find each other as `tasks.<SERVICE_NAME>`.",
  DNS_LOOKUP_PAUSE_MS: 'Milliseconds that a new replica waits before it looks for the others.',
  LISTENER_ADDRESS: 'Listeners that are asked for all services, with commas between them.',
  RELOAD_INTERVAL:
    'Milliseconds between attempts to fetch from the listener; when set, also before the first.',
  REPEAT_RELOAD: 'Goes on fetching every `RELOAD_INTERVAL` instead of every minute.',
  TERMINATE_ON_RELOAD:
    'Cuts connections of the earlier configuration at a reload instead of letting them finish.',
  SEPARATOR: 'Separates the values in labels that hold lists.',
  PROXY_INSTANCE_NAME: 'Name of this proxy.',
  FILTER_PROXY_INSTANCE_NAME: 'Ignores services whose `com.df.proxyInstanceName` is another.',
  SKIP_ADDRESS_VALIDATION: '`false`: the host of a service must resolve, else the request is refused.',
  HTTPS_ONLY: 'Redirects all services to https.',
  CFG_TEMPLATE_PATH: 'Template of the whole configuration, for those who bring their own.',
  SERVICE_DOMAIN_ALGO: 'How domains are compared with the Host header, unless the service says another way.',
  DEFAULT_PORTS:
    'Ports of http, bound without any service or with an http one; `:ssl` ends TLS, words after a blank are options of `bind`. TLS with the names of sni destinations passes through.',
  BIND_PORTS: 'Further ports, written the same way.',
  DEFAULT_REQ_MODE: 'Mode of services that say none: `http`, `tcp` or `sni`.',
  EXTRA_FRONTEND: 'Lines for the main frontend, with commas between them.',
  EXTRA_GLOBAL: 'Lines for the global section, with commas between them.',
  CAPTURE_REQUEST_HEADER: 'Request headers that are logged, `name:length` with commas between them.',
  CONNECTION_MODE: 'How connections are kept: `http-keep-alive`, `http-server-close`, `httpclose` …',
  TIMEOUT_CONNECT: 'Seconds until a connection to a service must be there.',
  TIMEOUT_CLIENT: 'Seconds that a client may be silent.',
  TIMEOUT_SERVER: 'Seconds that a service may be silent.',
  TIMEOUT_QUEUE: 'Seconds that a request may wait for a server.',
  TIMEOUT_TUNNEL: 'Seconds that an upgraded connection (WebSocket) may be silent.',
  TIMEOUT_HTTP_REQUEST: 'Seconds until the head of a request must be there.',
  TIMEOUT_HTTP_KEEP_ALIVE: 'Seconds between two requests of one connection.',
  COMPRESSION_ALGO: 'Compresses all responses: `gzip` and others.',
  COMPRESSION_TYPE: 'Content types to compress, with blanks between them.',
  CHECK_RESOLVERS: 'HAProxy checks servers and follows their names, unless the service says otherwise.',
  DO_NOT_RESOLVE_ADDR: 'Names that do not resolve yet are tolerated.',
  RESOLVERS: "Lines of HAProxy's `resolvers` section, with commas between them.",
  SSL_BIND_OPTIONS: 'Options of TLS towards clients and servers.',
  SSL_BIND_CIPHERS: 'Ciphers of TLS up to 1.2.',
  ENABLE_H2: 'Offers HTTP/2.',
  CRT_LIST_PATH: 'List of certificates that is used as it is, instead of a generated one.',
  PREFERRED_CERTIFICATE:
    'Names of certificate files (`*` allowed) that go first; the first of all is the default.',
  CA_FILE: 'Authority that client certificates are checked against.',
  TRUSTED_PROXIES:
    'Networks, with commas between them, of proxies in front whose word about the client counts.',
  TRUSTED_PROXY_DEPTH: 'How many of them, one behind the other, are looked through: 1 to 20.',
  USERS: 'Users of all services without users of their own: `name:password` with commas between them.',
  USERS_PASS_ENCRYPTED: 'Their passwords are crypt(3) hashes.',
  STATS_USER_ENV: 'Name of the variable with the name for the statistics page.',
  STATS_PASS_ENV:
    'Name of the variable with the password for the statistics page; the page is there once both are set.',
  STATS_URI_ENV: 'Name of the variable with the address of that page, `/admin?stats` when it is unset.',
  STATS_PORT: 'Port of the page alone; otherwise it is on every http port.',
  DEBUG: 'Logs every request.',
  DEBUG_ERRORS_ONLY: 'With `DEBUG`, logs only requests that went wrong.',
  DEBUG_HTTP_FORMAT: "HAProxy's `log-format` for http.",
  DEBUG_TCP_FORMAT: "HAProxy's `log-format` for tcp.",
  ACCESS_LOG:
    '`json` writes a line for each request to standard output, with service, route, replica, times and `X-Request-Id`; ignored with `DEBUG`.',
  ACCESS_LOG_SAMPLE: 'One request of so many is written to the access log.',
  ACME_DEFAULT:
    'Whether services that say nothing ask for a certificate: the same as for the certificates program. Redirects to https wait for it.',
  ACME_THUMBPRINT:
    'Thumbprint of the account whose challenges the proxy answers, where no certificates program tells it.',
  LISTENER_API_TOKEN:
    'Shown to the listeners of `LISTENER_ADDRESS`; one address alone can have its own: `http://any:TOKEN@swarm-listener:8080`.',
  API_TOKEN: 'Callers of the API must show it, as a bearer token or as the password of basic credentials.',
  ALLOW_RAW_LABELS:
    'Whether labels may hold raw configuration: `backendExtra`, templates, header rules. The image says `false`.',
  ALLOW_LOOPBACK:
    'Whether services may have requests sent to the proxy itself: loopback and its own addresses. Otherwise they are refused.',
  ALLOWED_HOSTS:
    'The only hosts that `outboundHostname` may name, with commas between them; `*.acme.com` is every host below. Unset: all but the proxy itself.',
  SCALER_ADDRESS:
    'Scaler that starts services with `wakeOnRequest`: a name, `host:port` (port 8080 without one) or a URL. Unset: no service is woken.',
  SCALER_TOKEN: "The scaler's variable of the same name, shown to it as a bearer token.",
  WAKE_MAX_WAITING:
    'Requests of one service that may wait for its start in one replica of the proxy; further ones get 503 at once.',
  NORMALIZE_PATHS:
    'Routes, `servicePathExclude` and all limits of destinations look at what a path means: percent-decoded once, `//` and `/./` collapsed, `;…` cut off; a `..` segment gets 400. Services get the path as it was sent. `false`: compare as text.',
  HARD_STOP_AFTER: 'How long connections of earlier configurations may live on.',
  MAX_RELOADS: 'How many reloads their worker may survive.',
};

/** Variables whose names vary. */
export const PROXY_FAMILIES = [
  [
    '`STATS_USER`, `STATS_PASS`, `STATS_URI`',
    'Name, password and address of the statistics page; `none` for both of the first asks for no password.',
  ],
  [
    '`DFP_SERVICE_<PARAMETER>`, `DFP_SERVICE_<N>_<PARAMETER>`',
    'Services described here instead of by labels: `DFP_SERVICE_1_SERVICE_NAME`, `DFP_SERVICE_1_SERVICE_PATH`, `DFP_SERVICE_1_PORT` …; a number at the end is the destination.',
  ],
] as const;
