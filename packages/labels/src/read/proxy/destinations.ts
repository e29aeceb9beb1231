import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import { readForwardAuth } from './forward-auth.js';
import type { ParameterReader } from './parameter-reader.js';
import type { PathRewrite, ProxyDestination, ProxyLabelDefaults, RequestMode } from './proxy-service.js';

const ACME_CHALLENGE = '/.well-known/acme-challenge';

/** Everything the labels say about one destination; what they do not say comes from the labels without index. */
export function readDestination(
  reader: ParameterReader,
  index: number,
  defaults: ProxyLabelDefaults,
  firstRewrites: readonly PathRewrite[],
): ProxyDestination {
  const mode = readMode(reader, index, defaults);
  const domains = readDomains(reader, index, mode, defaults);
  const writtenPaths = reader.read(LABELS.servicePath, index) ?? [];
  const pathImplied = domains.length > 0 && writtenPaths.length === 0;
  const paths = pathImplied && mode !== 'sni' ? ['/'] : writtenPaths;
  const httpsPort = reader.read(LABELS.httpsPort, index);
  const srcPort = reader.read(LABELS.srcPort, index);
  const redirectFromDomains = (reader.read(LABELS.redirectFromDomain, index) ?? []).map(withoutRootDot);
  if (redirectFromDomains.length > 0 && domains.every((domain) => domain.startsWith('*'))) {
    reader.warn(LABELS.redirectFromDomain, index, {
      problem: 'has no effect',
      kind: 'no-effect',
      expected: 'a serviceDomain without asterisk to go to',
    });
  }
  const serviceGroup = reader.read(LABELS.serviceGroup, index);
  if (mode === 'tcp' && serviceGroup !== undefined) refuseWithinGroup(reader, index);
  return {
    index,
    mode,
    port: reader.read(LABELS.port, index),
    srcPort: srcPort ?? (httpsPort === undefined ? undefined : 80),
    httpsPort,
    srcHttpsPort: reader.read(LABELS.srcHttpsPort, index) ?? (httpsPort === undefined ? undefined : 443),
    paths,
    pathImplied,
    pathsExcluded: reader.read(LABELS.servicePathExclude, index) ?? [],
    pathType: reader.read(LABELS.pathType, index),
    domains,
    headers: reader.read(LABELS.serviceHeader, index) ?? [],
    userAgents: reader.read(LABELS.userAgent, index) ?? [],
    httpsOnly: readHttpsOnly(reader, index, defaults, paths),
    httpsRedirectCode: reader.read(LABELS.httpsRedirectCode, index),
    denyHttp: reader.read(LABELS.denyHttp, index) ?? false,
    allowFrom: reader.read(LABELS.allowFrom, index) ?? [],
    denyFrom: reader.read(LABELS.denyFrom, index) ?? [],
    rateLimit: reader.read(LABELS.rateLimit, index),
    allowedMethods: reader.read(LABELS.allowedMethods, index) ?? [],
    deniedMethods: reader.read(LABELS.deniedMethods, index) ?? [],
    verifyClientSsl: reader.read(LABELS.verifyClientSsl, index) ?? false,
    ignoreAuthorization: reader.read(LABELS.ignoreAuthorization, index) ?? false,
    auth: readForwardAuth(reader, index),
    corsPreflight: reader.read(LABELS.corsPreflight, index) ?? false,
    redirectFromDomains,
    rewrites: [...firstRewrites, ...(reader.read(LABELS.reqPathSearchReplace, index) ?? [])],
    outboundHostname: reader.read(LABELS.outboundHostname, index),
    sslVerifyNone: reader.read(LABELS.sslVerifyNone, index) ?? false,
    timeoutServerSeconds: reader.read(LABELS.timeoutServer, index),
    timeoutTunnelSeconds: reader.read(LABELS.timeoutTunnel, index),
    timeoutClientSeconds: reader.read(LABELS.timeoutClient, index),
    clitcpka: reader.read(LABELS.clitcpka, index) ?? false,
    checkTcp: reader.read(LABELS.checkTcp, index) ?? false,
    server: {
      name: reader.read(LABELS.serverName, index),
      ca: reader.read(LABELS.serverCa, index),
      proto: reader.read(LABELS.serverProto, index) ?? 'h1',
      sendProxy: reader.read(LABELS.sendProxy, index),
      maxConn: reader.read(LABELS.maxConn, index),
    },
    health: {
      path: reader.read(LABELS.checkPath, index),
      intervalSeconds: reader.read(LABELS.checkInterval, index),
      rise: reader.read(LABELS.checkRise, index),
      fall: reader.read(LABELS.checkFall, index),
      slowStartSeconds: reader.read(LABELS.slowStart, index),
      retries: reader.read(LABELS.retries, index),
      retryOn: reader.read(LABELS.retryOn, index),
      outlierErrors: reader.read(LABELS.outlierErrors, index),
    },
    acceptProxy: reader.read(LABELS.acceptProxy, index) ?? false,
    serviceGroup,
    balanceGroup: reader.read(LABELS.balanceGroup, index),
    userDef: reader.read(LABELS.userDef, index) ?? '',
  };
}

/** A comparison that ends with the host. */
const WHOLE_OR_END = /^(?:req\.)?f?hdr(?:_end)?\(host\)(?: +-i)?$/i;

/**
 * Domains as they are compared: where the end of a name counts, the dot of the root is none of it. A beginning such as
 * `api.` keeps its dot.
 */
function readDomains(
  reader: ParameterReader,
  index: number,
  mode: RequestMode,
  { domainAlgo }: ProxyLabelDefaults,
): readonly string[] {
  const domains = reader.read(LABELS.serviceDomain, index) ?? [];
  const algo = reader.read(LABELS.serviceDomainAlgo) ?? domainAlgo;
  return mode === 'sni' || WHOLE_OR_END.test(algo) ? domains.map(withoutRootDot) : domains;
}

function withoutRootDot(domain: string): string {
  return domain.replace(/\.$/, '');
}

/** The members of a group share one entry: what only one of them asks for could not be kept apart. */
function refuseWithinGroup(reader: ParameterReader, index: number): void {
  for (const label of [LABELS.allowFrom, LABELS.denyFrom, LABELS.rateLimit]) {
    if (reader.text(label, index) === undefined) continue;
    reader.refuse(label, index, {
      problem: 'cannot be kept within a serviceGroup',
      expected: 'a destination without serviceGroup',
    });
  }
}

/** The mode of one destination, or of the service when it has none. */
export function readMode(
  reader: ParameterReader,
  index: number | undefined,
  defaults: ProxyLabelDefaults,
): RequestMode {
  return reader.read(LABELS.reqMode, index) ?? defaults.requestMode;
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
  const own = reader.read(LABELS.httpsOnly, index) ?? false;
  const isChallenge = paths.some((path) => path.toLowerCase().startsWith(ACME_CHALLENGE));
  return own || (defaults.httpsOnly && !isChallenge);
}
