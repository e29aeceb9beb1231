import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { answersChallenges, challengeLines } from '../acme/challenge-rule.js';
import { accessLogLines } from '../model/access-log.js';
import {
  line,
  ownedBy,
  raw,
  writtenFrom,
  type Line,
  type LookupTable,
  type ServicesFrontend,
} from '../model/directives.js';
import type { CanaryBackend } from '../canary/canary-backends.js';
import { weightTable, type Pair } from '../canary/versions.js';
import { openDefaultPorts } from '../entry-ports/http-ports.js';
import { forPassedConnections, httpBind } from '../entry-ports/shared-ports.js';
import { httpAcls, httpRedirects } from './http-rules.js';
import { pathTypeOf } from '../model/acl.js';
import type { DestinationNames, Names } from '../model/names.js';
import { rememberLast } from '../model/remember.js';
import { decisionPath, decisionPathAgain, decisionPathWithMore } from '../paths/decision-path.js';
import { buildRouteLookup } from './route-lookup.js';
import type { RoutedService } from '../model/routed-service.js';
import { clientLines } from '../clients/trusted-proxies.js';
import { routesOf, type Route } from './routes.js';
import type { BindPort, Capabilities, Settings } from '../model/settings.js';
import { takesBackends } from '../model/haproxy-version.js';
import { unusedAcls } from './unused-acls.js';

interface Needs {
  readonly services: readonly RoutedService[];
  readonly names: Names;
  readonly settings: Settings;
  /** Entry ports of sni destinations: their frontend has the port, and sends all else on to this one. */
  readonly namedPorts: ReadonlySet<number>;
  readonly tablePath: (table: LookupTable) => string;
  readonly capabilities: Pick<Capabilities, 'version'>;
  readonly thumbprint?: string | undefined;
  /** Services with two versions. */
  readonly pairs: readonly Pair[];
  /** What divides requests between versions, by the backends of stable services. */
  readonly canaries: ReadonlyMap<string, CanaryBackend>;
}

export interface BuiltServicesFrontend {
  readonly frontend: ServicesFrontend;
  readonly tables: readonly LookupTable[];
}

/** The frontend of all http services, and the tables it looks routes up in. */
export function servicesFrontend(needs: Needs): BuiltServicesFrontend {
  const { settings, capabilities } = needs;
  const { content, tables } = serviceRules(needs);
  const before = preamble(needs);
  const unused = unusedAcls(content, before);
  const isLean = takesBackends(capabilities.version);
  return {
    frontend: {
      binds: defaultBinds(needs),
      challenge:
        settings.labels.requestMode === 'http' ? challengeLines(needs.thumbprint, needs.services) : [],
      preamble: before,
      content: isLean ? content.filter((one) => !unused.has(one)) : content,
      unused: isLean ? new Set() : unused,
    },
    tables,
  };
}

function defaultBinds({ services, settings, namedPorts }: Needs): readonly Line[] {
  return writtenFrom('DEFAULT_PORTS', binds(openDefaultPorts(services, settings), settings, namedPorts));
}

function binds(
  ports: readonly BindPort[],
  settings: Settings,
  namedPorts: ReadonlySet<number>,
): readonly Line[] {
  return ports.map((bind) => httpBind(bind, settings, namedPorts));
}

function preamble({ services, settings, namedPorts }: Needs): readonly Line[] {
  const { labels, debug, extraFrontend, bindPorts, captureRequestHeaders } = settings;
  const isPassed = [...openDefaultPorts(services, settings), ...bindPorts].some(
    ({ port }) => port !== undefined && namedPorts.has(port),
  );
  const http = labels.requestMode === 'http';
  return [
    line('mode', http ? 'http' : 'tcp'),
    ...(http ? [...clientLines(settings.trustedProxies), ...retryOnlySafely()] : []),
    ...(http ? accessLogLines(settings.accessLog) : []),
    ...writtenFrom(
      'EXTRA_FRONTEND',
      (isPassed ? forPassedConnections(extraFrontend) : extraFrontend).map(raw),
    ),
    ...writtenFrom(
      http ? 'DEBUG_HTTP_FORMAT' : 'DEBUG_TCP_FORMAT',
      logLines(debug.on, http ? 'httplog' : 'tcplog', http ? debug.httpFormat : debug.tcpFormat),
    ),
    ...writtenFrom('BIND_PORTS', binds(bindPorts, settings, namedPorts)),
    ...writtenFrom(
      'CAPTURE_REQUEST_HEADER',
      captureRequestHeaders.map(({ name, length }) =>
        line('capture', 'request', 'header', name, 'len', length),
      ),
    ),
  ];
}

/** A request that may change something is never sent twice. */
function retryOnlySafely(): readonly Line[] {
  return [line('http-request', 'disable-l7-retry', 'unless', 'METH_GET')];
}

/** Request logging of one frontend. The format is the operator's text and escapes its own blanks. */
export function logLines(on: boolean, option: 'httplog' | 'tcplog', format: string): readonly Line[] {
  if (!on) return [];
  return [
    line('option', option),
    line('log', 'global'),
    ...(format === '' ? [] : [raw(`log-format ${format}`)]),
  ];
}

/**
 * The path for decisions, acls and redirects of all services, then their routes. Rules a service brings in a template of its own
 * follow; since they may change a request before its route is chosen, routes are then looked up after them.
 */
function serviceRules(wanted: Needs): {
  readonly content: readonly Line[];
  readonly tables: readonly LookupTable[];
} {
  const { services, names, settings, tablePath, pairs, canaries } = wanted;
  const rules: Line[] = [...canaries.values()].flatMap(({ acls }) => acls);
  const routes: Route[] = [];
  const snippets: Line[] = [];
  const pathTypes = new Set<string>();
  const { normalizePaths: normalize, labels } = settings;
  const hasCompanion = services.some(answersChallenges);
  for (const { service, frontendSnippet } of services) {
    if (frontendSnippet !== undefined) {
      snippets.push(
        ...ownedBy(service.name, writtenFrom('templateFePath', frontendSnippet.split('\n').map(raw))),
      );
      continue;
    }
    for (const destination of service.destinations) {
      if (destination.mode !== 'http') continue;
      const own = ownRules(
        destination,
        service,
        names(service, destination),
        labels.domainAlgo,
        normalize,
        hasCompanion,
        settings.paths.certifiedNames,
      );
      pathTypes.add(pathTypeOf(destination));
      rules.push(...own.rules);
      for (const route of own.routes) {
        const canary = canaries.get(route.backend);
        routes.push(canary ? { ...route, canary } : route);
      }
    }
  }
  const lookup = buildRouteLookup(routes, tablePath);
  const { find, choose } = lookup;
  const tables = [...lookup.tables, ...(pairs.length > 0 ? [weightTable(pairs)] : [])];
  const defaults = defaultBackend(services, names, canaries);
  const more = decisionPathWithMore(pathTypes);
  const paths = labels.requestMode === 'http' ? [...decisionPath({ normalize }), ...more] : [];
  if (snippets.length === 0)
    return { content: [...paths, ...rules, ...find, ...choose, ...defaults], tables };
  const again = [...decisionPathAgain({ normalize }), ...more];
  return {
    content: [...paths, ...rules, ...choose, ...defaults, ...snippets, ...again, ...find],
    tables,
  };
}

/** What depends on nothing but one destination. */
const ownRules = rememberLast(
  (
    destination: ProxyDestination,
    service: ProxyService,
    names: DestinationNames,
    defaultAlgo: string,
    normalize: boolean,
    hasCompanion: boolean,
    certified: string,
  ) => {
    const needs = { service, destination, names, defaultAlgo, normalize, hasCompanion, certified };
    return {
      rules: [...httpAcls(needs), ...httpRedirects(needs)],
      routes: routesOf(service, destination, names, needs),
    };
  },
);

/** The last service in order that wants to be the default is it. */
function defaultBackend(
  services: readonly RoutedService[],
  names: Names,
  canaries: Needs['canaries'],
): readonly Line[] {
  const wanted = services.flatMap(({ service, frontendSnippet }) =>
    service.isDefaultBackend && frontendSnippet === undefined
      ? service.destinations
          .filter(({ mode, port }) => mode === 'http' && port !== undefined)
          .map((destination) => ({ owner: service.name, backend: names(service, destination).backend }))
      : [],
  );
  const last = wanted.at(-1);
  if (!last) return [];
  const canary = canaries.get(last.backend);
  return ownedBy(last.owner, [...(canary?.rules([]) ?? []), line('default_backend', last.backend)]);
}
