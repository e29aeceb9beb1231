import { escapeOpenQuotes, type HeaderChanges, type ProxyDestination } from '@docker-flow/labels';
import { waitingRedirect } from '../acme/https-waits.js';
import { accessLogService } from '../model/access-log.js';
import { acl } from '../model/acl.js';
import { askForPassword } from './authentication.js';
import { httpClientLimits } from './client-limits.js';
import { line, raw, writtenFrom, type Line, type Section } from '../model/directives.js';
import type { Settings } from '../model/settings.js';
import { asksAuthServer } from './auth-servers.js';
import { forwardAuthLines, identityLines } from './forward-auth.js';
import { httpCheckLines, httpRetryLines } from './health-lines.js';
import { stableAsBackup } from './canary-servers.js';
import type { Pair } from '../canary/versions.js';
import { versionCookieLines } from './version-cookie.js';
import { rewritePath } from './path-rewrite.js';
import type { RoutedService } from '../model/routed-service.js';
import { forwardedProtoLine } from '../clients/trusted-proxies.js';
import { butNotPreflight, preflightLines } from './preflight.js';
import { httpServers, type ServerContext } from './servers.js';
import { wakingLines } from './waking-lines.js';

interface HttpBackend {
  readonly routed: RoutedService;
  readonly destination: ProxyDestination;
  readonly name: string;
  readonly port: number;
  /** The backend of `httpsPort`, which only requests from its entry port reach: it need not insist on TLS. */
  readonly forHttpsPort: boolean;
  /** Through which its check is asked while it wakes. */
  readonly probeBackend: string | undefined;
  /** The service has two versions, and this backend serves one of them. */
  readonly pair?: Pair | undefined;
  /** The destination of the canary whose servers stand here; the labels of the stable service decide all the same. */
  readonly canary?: { readonly destination: ProxyDestination; readonly stableBackend: string };
}

/**
 * The backend of one http destination. Rules run in this order and the first that answers ends it: the
 * redirect to https comes before the password, a denied method is 403 without credentials, and header
 * expressions can still read `Authorization`.
 */
export function httpBackend(wanted: HttpBackend, context: ServerContext): Section {
  const { routed, destination, name, forHttpsPort } = wanted;
  const { service } = routed;
  const { settings } = context;
  const { pair } = wanted;
  const servers = serversOf(wanted, context);
  const lines: readonly Line[] = [
    line('mode', 'http'),
    ...(settings.debug.on ? [line('log', 'global')] : []),
    ...accessLogService(settings.accessLog, service.name),
    ...servers.transport,
    ...writtenFrom('compressionAlgo', compression(service.compressionAlgo, service.compressionTypes)),
    ...httpClientLimits(destination, wanted.canary?.stableBackend),
    ...identityLines(destination),
    ...(destination.httpsOnly && !forHttpsPort ? redirectToHttps(routed, destination, settings) : []),
    ...preflightLines(destination),
    ...(asksAuthServer(destination)
      ? [...restrictions(wanted), ...forwardAuthLines(destination, settings), ...changes(wanted, settings)]
      : [
          ...changes(wanted, settings),
          ...restrictions(wanted),
          ...(destination.ignoreAuthorization
            ? []
            : askForPassword(routed, settings.users, butNotPreflight(destination))),
        ]),
    ...(wanted.canary
      ? []
      : wakingLines({ service, destination, backend: name, probeBackend: wanted.probeBackend }, context)),
    ...headerRules('http-response', service.responseHeaders),
    ...(pair ? versionCookieLines(pair, wanted.canary ? 'canary' : 'stable', destination, settings) : []),
    ...servers.lines,
    ...backendExtra(service.backendExtra),
  ];
  return { keyword: 'backend', name, owner: service.name, lines };
}

interface Servers {
  /** How they are spoken to. */
  readonly transport: readonly Line[];
  readonly lines: readonly Line[];
}

/** The servers of a backend, those of a canary with the stable ones behind them. */
function serversOf(
  { routed, destination, name, port, pair, canary }: HttpBackend,
  context: ServerContext,
): Servers {
  const { service } = routed;
  if (!pair || !canary)
    return {
      transport: [
        ...httpRetryLines(destination),
        ...writtenFrom('connectionMode', connectionMode(service.connectionMode ?? '')),
      ],
      lines: [
        ...timeouts(destination),
        ...httpCheckLines(service, destination),
        ...httpServers({ service, destination, port, backend: name }, context),
      ],
    };
  const own = pair.canary.service;
  const stable = { service, destination, backend: canary.stableBackend };
  const stableServers = httpServers({ ...stable, port }, context);
  return {
    transport: [
      ...httpRetryLines({
        ...canary.destination,
        health: {
          ...canary.destination.health,
          retryOn: canary.destination.health.retryOn ?? ['conn-failure', 'empty-response'],
        },
      }),
      ...writtenFrom('connectionMode', connectionMode(own.connectionMode ?? '')),
    ],
    lines: [
      ...timeouts(canary.destination),
      ...httpCheckLines(own, { ...canary.destination, domains: destination.domains }),
      ...httpServers(
        {
          service: own,
          destination: canary.destination,
          port: canary.destination.port ?? port,
          backend: name,
          isCanary: true,
        },
        context,
      ),
      ...stableAsBackup(stableServers, stable, context.settings),
    ],
  };
}

/** What a service that asks an auth server gets last, so that the auth server sees what the client sent. */
function changes({ routed, destination }: HttpBackend, { trustedProxies }: Settings): readonly Line[] {
  return [
    forwardedProtoLine(trustedProxies),
    ...headerRules('http-request', routed.service.requestHeaders),
    ...writtenFrom('reqPathSearchReplace', rewritePath(destination.rewrites)),
  ];
}

function restrictions({ destination, forHttpsPort }: HttpBackend): readonly Line[] {
  return [
    ...(destination.verifyClientSsl ? [demandClientCertificate()] : []),
    ...methodRules(destination),
    ...(destination.denyHttp && !forHttpsPort
      ? [line('http-request', 'deny', 'if', '!{', 'ssl_fc', '}')]
      : []),
  ];
}

/** HAProxy has dropped two modes: `forceclose` is `httpclose` now, `http-tunnel` nothing. */
export function connectionMode(mode: string): readonly Line[] {
  if (mode === '' || mode === 'http-tunnel') return [];
  return [line('option', ...(mode === 'forceclose' ? 'httpclose' : mode).split(/\s+/))];
}

export function compression(algos: readonly string[], types: readonly string[]): readonly Line[] {
  if (algos.length === 0) return [];
  return [
    line('compression', 'algo', ...algos),
    ...(types.length > 0 ? [line('compression', 'type', ...types)] : []),
  ];
}

/** The rest of a redirect to https, without a condition. */
export function redirectSchemeHttps({ httpsRedirectCode }: ProxyDestination): readonly string[] {
  const code = httpsRedirectCode === undefined ? [] : ['code', String(httpsRedirectCode)];
  return ['redirect', 'scheme', 'https', ...code];
}

function redirectToHttps(
  { service }: RoutedService,
  destination: ProxyDestination,
  { paths }: Settings,
): readonly Line[] {
  return waitingRedirect({
    names: service.certificateNames,
    certified: paths.certifiedNames,
    rule: ['http-request', ...redirectSchemeHttps(destination)],
    condition: ['!{', 'ssl_fc', '}'],
  });
}

/** Items are the rest of a rule: quotes, expressions, conditions. A quote without its partner is an ordinary character. */
function headerRules(
  rule: 'http-request' | 'http-response',
  { add, set, del }: HeaderChanges,
): readonly Line[] {
  const of = rule === 'http-request' ? 'Req' : 'Res';
  const lines = (change: 'add' | 'set' | 'del', items: readonly string[]) =>
    writtenFrom(
      `${change}${of}Header`,
      items.map((item) => raw(`${rule} ${change}-header ${escapeOpenQuotes(item)}`)),
    );
  return [...lines('add', add), ...lines('set', set), ...lines('del', del)];
}

/** Two conditions: written as one acl, HAProxy ignores the second half. */
function demandClientCertificate(): Line {
  return line(
    ...['http-request', 'deny', 'if', '!{', 'ssl_c_used', '}', '||', '!{', 'ssl_c_verify', '0', '}'],
  );
}

function methodRules(destination: ProxyDestination): readonly Line[] {
  const { allowedMethods, deniedMethods } = destination;
  const others = butNotPreflight(destination);
  return [
    ...(allowedMethods.length > 0
      ? [
          ...acl('method_allowed', 'method', allowedMethods),
          others.length === 0
            ? line('http-request', 'deny', 'unless', 'method_allowed')
            : line('http-request', 'deny', 'if', '!method_allowed', ...others),
        ]
      : []),
    ...(deniedMethods.length > 0
      ? [
          ...acl('method_denied', 'method', deniedMethods),
          line('http-request', 'deny', 'if', 'method_denied', ...others),
        ]
      : []),
  ];
}

export function timeouts({ timeoutServerSeconds, timeoutTunnelSeconds }: ProxyDestination): readonly Line[] {
  return [
    ...(timeoutServerSeconds === undefined ? [] : [line('timeout', 'server', `${timeoutServerSeconds}s`)]),
    ...(timeoutTunnelSeconds === undefined ? [] : [line('timeout', 'tunnel', `${timeoutTunnelSeconds}s`)]),
  ];
}

export function backendExtra(text: string | undefined): readonly Line[] {
  return text === undefined ? [] : writtenFrom('backendExtra', [raw(text)]);
}
