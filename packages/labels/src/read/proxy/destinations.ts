import { unreadable, parsed, type Parsed } from '../parsed.js';
import { readPort } from '../label-values.js';
import type { ParameterReader } from './parameter-reader.js';
import type {
  HeaderMatch,
  PathRewrite,
  ProxyDestination,
  ProxyLabelDefaults,
  RequestMode,
} from './proxy-service.js';
import { readPathType } from './fetch-expressions.js';
import { readPathRewrites } from './path-rewrites.js';
import {
  readBalance,
  readDomain,
  readHeaderName,
  readHost,
  readMethod,
  readName,
  readNetwork,
  readOneLine,
  readRateLimit,
  readRedirectCode,
  readSeconds,
} from './value-rules.js';

/** Parameters of which one makes a destination. */
const MAKES_DESTINATION = ['servicePath', 'port', 'serviceDomain', 'httpsPort'] as const;
const MAX_DESTINATIONS = 10;
const ACME_CHALLENGE = '/.well-known/acme-challenge';

/** Which indexes have a destination: 1, 2, … without a gap, else 0 for the one without index; maybe none. */
export function destinationIndexes(parameters: Readonly<Record<string, string>>): readonly number[] {
  const makes = (suffix: string) => MAKES_DESTINATION.some((name) => Boolean(parameters[`${name}${suffix}`]));
  const indexes: number[] = [];
  for (let i = 1; i <= MAX_DESTINATIONS && makes(`.${i}`); i += 1) indexes.push(i);
  if (indexes.length > 0) return indexes;
  return makes('') ? [0] : [];
}

/** Everything the labels say about one destination; what they do not say comes from the labels without index. */
export function readDestination(
  reader: ParameterReader,
  index: number,
  defaults: ProxyLabelDefaults,
  firstRewrites: readonly PathRewrite[],
): ProxyDestination {
  const mode = readMode(reader, index, defaults);
  const domains = reader.list('serviceDomain', domainReader(reader, defaults), index);
  const writtenPaths = reader.list('servicePath', parsed, index);
  const pathImplied = domains.length > 0 && writtenPaths.length === 0;
  const paths = pathImplied && mode !== 'sni' ? ['/'] : writtenPaths;
  const httpsPort = reader.optionalPort('httpsPort', index);
  const srcPort = reader.optionalPort('srcPort', index);
  const redirectFromDomains = reader.list('redirectFromDomain', readDomain, index);
  if (redirectFromDomains.length > 0 && domains.every((domain) => domain.startsWith('*'))) {
    reader.warn('redirectFromDomain', index, 'has no effect', 'a serviceDomain without asterisk to go to');
  }
  const serviceGroup = reader.value('serviceGroup', readName, index);
  if (mode === 'tcp' && serviceGroup !== undefined) refuseWithinGroup(reader, index);
  return {
    index,
    mode,
    port: reader.value('port', readPort, index),
    srcPort: srcPort ?? (httpsPort === undefined ? undefined : 80),
    httpsPort,
    srcHttpsPort: reader.optionalPort('srcHttpsPort', index) ?? (httpsPort === undefined ? undefined : 443),
    paths,
    pathImplied,
    pathsExcluded: reader.list('servicePathExclude', parsed, index),
    pathType: reader.value('pathType', (text) => readPathType(text, mode), index),
    domains,
    headers: readHeaders(reader, index),
    userAgents: reader.list('userAgent', parsed, index),
    httpsOnly: readHttpsOnly(reader, index, defaults, paths),
    httpsRedirectCode: reader.value('httpsRedirectCode', readRedirectCode, index),
    denyHttp: reader.boolean('denyHttp', index) ?? false,
    allowFrom: reader.list('allowFrom', readNetwork, index),
    denyFrom: reader.list('denyFrom', readNetwork, index),
    rateLimit: reader.value('rateLimit', readRateLimit, index),
    allowedMethods: reader.list('allowedMethods', readMethod, index),
    deniedMethods: reader.list('deniedMethods', readMethod, index),
    verifyClientSsl: reader.boolean('verifyClientSsl', index) ?? false,
    ignoreAuthorization: reader.boolean('ignoreAuthorization', index) ?? false,
    redirectFromDomains,
    rewrites: [...firstRewrites, ...(reader.value('reqPathSearchReplace', readPathRewrites, index) ?? [])],
    outboundHostname: reader.value('outboundHostname', readHost, index),
    sslVerifyNone: reader.boolean('sslVerifyNone', index) ?? false,
    timeoutServerSeconds: reader.value('timeoutServer', readSeconds, index),
    timeoutTunnelSeconds: reader.value('timeoutTunnel', readSeconds, index),
    timeoutClientSeconds: reader.value('timeoutClient', readSeconds, index),
    clitcpka: reader.boolean('clitcpka', index) ?? false,
    checkTcp: reader.boolean('checkTcp', index) ?? false,
    serviceGroup,
    balanceGroup: reader.value('balanceGroup', readBalance, index),
    userDef: reader.value('userDef', readOneLine, index) ?? '',
  };
}

/** The members of a group share one entry: what only one of them asks for could not be kept apart. */
function refuseWithinGroup(reader: ParameterReader, index: number): void {
  for (const name of ['allowFrom', 'denyFrom', 'rateLimit'] as const) {
    if (reader.raw(name, index) === undefined) continue;
    reader.refuse(name, index, 'cannot be kept within a serviceGroup', 'a destination without serviceGroup');
  }
}

/** The mode of one destination, or of the service when it has none. */
export function readMode(
  reader: ParameterReader,
  index: number | undefined,
  defaults: ProxyLabelDefaults,
): RequestMode {
  return reader.value('reqMode', readModeName, index) ?? defaults.requestMode;
}

function readModeName(text: string): Parsed<RequestMode> {
  const mode = text.toLowerCase();
  return mode === 'http' || mode === 'tcp' || mode === 'sni'
    ? parsed(mode)
    : unreadable('is no mode', 'http, tcp or sni');
}

/** With a regular expression as algorithm a domain may hold any sign. */
function domainReader(
  reader: ParameterReader,
  { domainAlgo }: ProxyLabelDefaults,
): (text: string) => Parsed<string> {
  const algo = reader.raw('serviceDomainAlgo') ?? domainAlgo;
  return /_reg|-m +reg/.test(algo) ? readOneLine : readDomain;
}

/** Pairs without exactly one colon are dropped silently, as in the original. */
function readHeaders(reader: ParameterReader, index: number): readonly HeaderMatch[] {
  return reader
    .list<HeaderMatch | undefined>(
      'serviceHeader',
      (text) => {
        const [name = '', value, ...rest] = text.split(':').map((part) => part.trim());
        if (value === undefined || rest.length > 0) return parsed(undefined);
        const checked = readHeaderName(name);
        return checked.ok ? parsed({ name: checked.value, value }) : checked;
      },
      index,
    )
    .filter((header) => header !== undefined);
}

/**
 * `HTTPS_ONLY` cannot be left, except by the answers to ACME challenges, which come over plain http by
 * definition. A label with an index wins over the one without.
 */
function readHttpsOnly(
  reader: ParameterReader,
  index: number,
  defaults: ProxyLabelDefaults,
  paths: readonly string[],
): boolean {
  const own = reader.boolean('httpsOnly', index) ?? false;
  const isChallenge = paths.some((path) => path.toLowerCase().startsWith(ACME_CHALLENGE));
  return own || (defaults.httpsOnly && !isChallenge);
}
