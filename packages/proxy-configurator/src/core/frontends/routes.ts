import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { domainAlgoOf, pathTypeOf, splitDomains } from '../model/acl.js';
import type { DestinationNames } from '../model/names.js';
import type { CanaryBackend } from '../canary/canary-backends.js';
import { pathPatterns } from '../paths/decision-path.js';

/** What of a route can be found in a table instead of being tried. */
export interface RouteKeys {
  readonly paths: { readonly kind: 'prefix' | 'exact'; readonly values: readonly string[] };
  /** Lower case. Absent: every host. */
  readonly hosts?: { readonly kind: 'prefix' | 'exact'; readonly values: readonly string[] };
  /** Entry port. Absent: every port. */
  readonly port?: number;
}

/** One rule that sends requests to a backend; the first route in order whose conditions hold is taken. */
export interface Route {
  readonly owner: string;
  readonly backend: string;
  /** Names of acls, `!` before a negated one, all of which must hold. */
  readonly conditions: () => readonly string[];
  /** Present when the conditions say nothing more than this. */
  readonly keys: RouteKeys | undefined;
  /** Divides its requests between it and the canary. */
  readonly canary?: Pick<CanaryBackend, 'rules'> | undefined;
}

/** The routes of one http destination: to `port`, then to `httpsPort`. */
export function routesOf(
  service: ProxyService,
  destination: ProxyDestination,
  names: DestinationNames,
  { defaultAlgo, normalize }: { readonly defaultAlgo: string; readonly normalize: boolean },
): readonly Route[] {
  const { port, httpsPort, srcPort, srcHttpsPort } = destination;
  const common = {
    owner: service.name,
    algo: domainAlgoOf(service, defaultAlgo),
    destination,
    key: names.key,
    normalize,
  };
  return [
    ...(port === undefined
      ? []
      : alternatives({
          ...common,
          backend: names.backend,
          entryPort: srcPort,
          entryAcl: `srcPort_${names.key}`,
          withHeaders: true,
        })),
    ...(httpsPort === undefined
      ? []
      : alternatives({
          ...common,
          backend: names.httpsBackend,
          entryPort: srcHttpsPort,
          entryAcl: `srcHttpsPort_${names.key}`,
          withHeaders: false,
        })),
  ];
}

interface Wanted {
  readonly owner: string;
  readonly backend: string;
  readonly algo: string;
  readonly destination: ProxyDestination;
  readonly key: string;
  readonly normalize: boolean;
  readonly entryPort: number | undefined;
  readonly entryAcl: string;
  readonly withHeaders: boolean;
}

/** A route whose domains are partly wildcards is two: one for the table and one to be tried. */
function alternatives(wanted: Wanted): readonly Route[] {
  const { destination, key, owner, backend, entryPort, entryAcl, withHeaders } = wanted;
  const conditions = () => [
    `url_${key}`,
    ...(destination.pathsExcluded.length > 0 ? [`!url_exclude_${key}`] : []),
    ...(destination.domains.length > 0 ? [`domain_${key}`] : []),
    ...(withHeaders ? destination.headers.map((_, index) => `hdr_${key}_${index}`) : []),
    ...(entryPort === undefined ? [] : [entryAcl]),
    ...(destination.userAgents.length > 0 ? [`user_agent_${key}`] : []),
  ];
  const tried: Route = { owner, backend, conditions, keys: undefined };
  const keys = keysOf(wanted);
  if (!keys) return [tried];
  const found: Route = { ...tried, keys };
  return splitDomains(destination.domains).suffixes.length > 0 ? [found, tried] : [found];
}

/** `undefined` when something about the route cannot be told from a key. */
function keysOf({ destination, algo, normalize, entryPort, withHeaders }: Wanted): RouteKeys | undefined {
  const { pathsExcluded, headers, userAgents, domains } = destination;
  if (pathsExcluded.length > 0 || userAgents.length > 0) return undefined;
  if (withHeaders && headers.length > 0) return undefined;
  const paths = pathKeys(destination, normalize);
  if (!paths) return undefined;
  const port = entryPort === undefined ? {} : { port: entryPort };
  if (domains.length === 0) return { paths, ...port };
  const hosts = hostKeys(splitDomains(domains).plain, algo);
  return hosts && { paths, hosts, ...port };
}

/** A key is one word of a table file: printable, without blanks, and no comment. */
const PATH_KEY = /^\/[\x21-\x7e]*$/;

function pathKeys(destination: ProxyDestination, normalize: boolean): RouteKeys['paths'] | undefined {
  const type = pathTypeOf(destination);
  if (type !== 'path_beg' && type !== 'path') return undefined;
  const values = pathPatterns(destination.paths, type, { normalize });
  if (!values.every((path) => PATH_KEY.test(path))) return undefined;
  return { kind: type === 'path' ? 'exact' : 'prefix', values };
}

const HOST_KEY = /^[a-z0-9_.:[\]-]+$/;

function hostKeys(domains: readonly string[], algo: string): RouteKeys['hosts'] | undefined {
  const kind = algo === 'hdr_beg(host)' ? 'prefix' : algo === 'hdr(host)' ? 'exact' : undefined;
  const values = domains.map((domain) => domain.toLowerCase());
  if (!kind || values.length === 0 || !values.every((value) => HOST_KEY.test(value))) return undefined;
  return { kind, values };
}
