import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import { destinationNumbers } from '../../names/destination-numbers.js';
import { nameIssues } from '../../names/name-issues.js';
import type { Issue } from '../../values/parsed.js';
import type { Parameters } from '../../wire/notification.js';
import { readCertificateLabels } from './certificate-labels.js';
import { tellWhatCannotMatch } from './cannot-match.js';
import { readDestination, readMode } from './destinations.js';
import { readRequestHeaders, readResponseHeaders } from './header-changes.js';
import { createParameterReader, type ParameterReader } from './parameter-reader.js';
import { readCanary } from './canary.js';
import { tellWhatACanaryDoesNotSay } from './canary-labels.js';
import { refuseWhatWouldBeOpen } from './refuse-open.js';
import type { PathRewrite, ProxyLabelDefaults, ProxyService } from './proxy-service.js';
import { findRefusal, type ProxyRefusal } from './refusal.js';
import { readWaking } from './waking.js';
import { tellWhatHasNoEffect } from './without-effect.js';

/** A service's parameters, read. With a `refusal` the service must not be routed as it is. */
export interface ParsedProxyService {
  readonly service: ProxyService;
  readonly refusal: ProxyRefusal | undefined;
  /** What was read as if it were absent, or is written and not in force. */
  readonly warnings: readonly Issue[];
}

/** Reads the parameters of one service (labels without `com.df.`). Never throws. */
export function parseProxyLabels(parameters: Parameters, defaults: ProxyLabelDefaults): ParsedProxyService {
  const named = parameters['serviceName'] ?? '';
  const reader = createParameterReader(parameters, {
    service: named,
    separator: defaults.separator,
    defaults: {
      [LABELS.reqMode.name]: defaults.requestMode,
      [LABELS.serviceDomainAlgo.name]: defaults.domainAlgo,
    },
  });
  const name = reader.read(LABELS.serviceName) ?? named;
  const first = readFirstRewrite(reader);
  const { acmeByDefault = false } = defaults;
  const certificate = readCertificateLabels(parameters, { ...defaults, acmeByDefault });
  const service: ProxyService = {
    name,
    aclName: reader.read(LABELS.aclName) ?? name,
    distribute: reader.read(LABELS.distribute) ?? false,
    replicas: reader.read(LABELS.replicas),
    proxyInstanceName: reader.read(LABELS.proxyInstanceName),
    isDefaultBackend: reader.read(LABELS.isDefaultBackend) ?? false,
    domainAlgo:
      reader.read(LABELS.serviceDomainMatchAll) === true
        ? 'hdr_dom(host)'
        : reader.read(LABELS.serviceDomainAlgo),
    requestHeaders: readRequestHeaders(reader),
    responseHeaders: readResponseHeaders(reader),
    backendExtra: reader.read(LABELS.backendExtra),
    connectionMode: reader.read(LABELS.connectionMode),
    compressionAlgo: reader.read(LABELS.compressionAlgo) ?? [],
    compressionTypes: reader.read(LABELS.compressionType) ?? [],
    checkResolvers: reader.read(LABELS.checkResolvers),
    discovery: reader.read(LABELS.discoveryType) ?? 'overlay',
    sessionType: reader.read(LABELS.sessionType),
    cookieSameSite: reader.read(LABELS.cookieSameSite),
    cookieSecure: reader.read(LABELS.cookieSecure),
    canary: readCanary(reader),
    waking: readWaking(reader),
    certificate: reader.read(LABELS.serviceCert),
    users: reader.read(LABELS.users) ?? [],
    usersSecret: reader.read(LABELS.usersSecret),
    usersEncrypted: reader.read(LABELS.usersPassEncrypted) ?? false,
    redirectWhenHttpProto: reader.read(LABELS.redirectWhenHttpProto) ?? false,
    redirectUnlessHttpsProto: reader.read(LABELS.redirectUnlessHttpsProto) ?? false,
    templateFePath: reader.read(LABELS.templateFePath),
    templateBePath: reader.read(LABELS.templateBePath),
    pathSearch: first?.search,
    pathReplace: first?.replace,
    certificateNames: certificate.names,
    ownChallengeNames: certificate.passthrough ? certificate.domains : [],
    destinations: destinationNumbers(parameters).map((index) =>
      readDestination(reader, index, defaults, first ? [first] : []),
    ),
  };
  refuseWhatWouldBeOpen(reader, service);
  tellWhatHasNoEffect(reader, service, defaults);
  if (service.canary) tellWhatACanaryDoesNotSay(reader, parameters);
  for (const destination of service.destinations)
    tellWhatCannotMatch(reader, destination, {
      ...defaults,
      domainAlgo: service.domainAlgo ?? defaults.domainAlgo,
    });
  return {
    service,
    refusal: findRefusal(service, reader.refusals, readMode(reader, undefined, defaults)),
    warnings: [
      ...reader.warnings,
      ...nameIssues(parameters, { service: named, reader: 'proxy-configurator' }),
    ],
  };
}

function readFirstRewrite(reader: ParameterReader): PathRewrite | undefined {
  const search = reader.read(LABELS.reqPathSearch);
  if (search === undefined) return undefined;
  return { search, replace: reader.read(LABELS.reqPathReplace) ?? '', flags: '' };
}
