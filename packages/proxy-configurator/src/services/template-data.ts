import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import type { User } from '../core/model/settings.js';

/**
 * A service in the words of the original's API (and of service templates): one flat object. Unset texts
 * are empty, unset numbers 0, unset lists null.
 */
export function serviceTemplateData(
  service: ProxyService,
  users: readonly User[] | undefined,
): Readonly<Record<string, unknown>> {
  const described = describeService(service, {
    certificate: service.certificate ?? '',
    users: users?.map(({ name, password, encrypted }) => ({
      Username: name,
      Password: password,
      PassEncrypted: encrypted,
    })),
  });
  const destinations = service.destinations.map((one) => ({
    ...describeDestination(one),
    // A template may go through the headers, which a structure would not let it.
    ServiceHeader: new Map(one.headers.map(({ name, value }) => [name, value])),
  }));
  return { ...described, ServiceDest: destinations };
}

export interface Secrets {
  readonly certificate: string;
  readonly users: readonly unknown[] | undefined;
}

/** One flat object; see {@link serviceTemplateData}. */
export function describeService(
  service: ProxyService,
  { certificate, users }: Secrets,
): Readonly<Record<string, unknown>> {
  const { requestHeaders, responseHeaders } = service;
  return {
    ServiceName: service.name,
    AclName: service.aclName,
    AddReqHeader: listOrNull(requestHeaders.add),
    AddResHeader: listOrNull(responseHeaders.add),
    BackendExtra: service.backendExtra ?? '',
    CheckResolvers: service.checkResolvers ?? false,
    CompressionAlgo: service.compressionAlgo.join(' '),
    CompressionType: service.compressionTypes.join(' '),
    ConnectionMode: service.connectionMode ?? '',
    Debug: false,
    DebugFormat: '',
    DelReqHeader: listOrNull(requestHeaders.del),
    DelResHeader: listOrNull(responseHeaders.del),
    DiscoveryType: service.discovery === 'dns' ? 'DNS' : '',
    Distribute: service.distribute,
    IsDefaultBackend: service.isDefaultBackend,
    ProxyInstanceName: service.proxyInstanceName ?? '',
    RedirectWhenHttpProto: service.redirectWhenHttpProto,
    RedirectUnlessHttpsProto: service.redirectUnlessHttpsProto,
    Replicas: service.replicas ?? 0,
    ReqPathReplace: service.pathReplace ?? '',
    ReqPathSearch: service.pathSearch ?? '',
    ServiceCert: certificate,
    ServiceDomainAlgo: service.domainAlgo ?? '',
    SessionType: service.sessionType ?? '',
    SetReqHeader: listOrNull(requestHeaders.set),
    SetResHeader: listOrNull(responseHeaders.set),
    TemplateBePath: service.templateBePath ?? '',
    TemplateFePath: service.templateFePath ?? '',
    UseGlobalUsers: false,
    Users: users ?? null,
    ServicePort: '',
    AclCondition: '',
    IsGlobal: service.replicas === undefined && service.name !== '',
    LookupRetry: 0,
    LookupRetryInterval: 0,
    ServiceDest: service.destinations.length === 0 ? null : service.destinations.map(describeDestination),
    Tasks: null,
  };
}

function listOrNull(list: readonly string[]): readonly string[] | null {
  return list.length === 0 ? null : list;
}

function describeDestination(one: ProxyDestination): Readonly<Record<string, unknown>> {
  return {
    AllowedMethods: one.allowedMethods,
    BalanceGroup: one.balanceGroup ?? '',
    CheckTCP: one.checkTcp,
    Clitcpka: one.clitcpka,
    DeniedMethods: one.deniedMethods,
    DenyHttp: one.denyHttp,
    HttpsOnly: one.httpsOnly,
    HttpsPort: one.httpsPort ?? 0,
    HttpsRedirectCode: one.httpsRedirectCode === undefined ? '' : String(one.httpsRedirectCode),
    IgnoreAuthorization: one.ignoreAuthorization,
    OutboundHostname: one.outboundHostname ?? '',
    PathType: one.pathType ?? 'path_beg',
    Port: one.port === undefined ? '' : String(one.port),
    RedirectFromDomain: one.redirectFromDomains,
    ReqMode: one.mode,
    ReqModeFormatted: one.mode === 'sni' ? 'tcp' : one.mode,
    ReqPathSearchReplace: one.rewrites.map(({ search, replace }) => `${search},${replace}`).join(':'),
    ServiceDomain: one.domains,
    ServiceGroup: one.serviceGroup ?? '',
    ServiceHeader: Object.fromEntries(one.headers.map(({ name, value }) => [name, value])),
    ServicePath: one.paths,
    ServicePathExclude: one.pathsExcluded,
    SrcPort: one.srcPort ?? 0,
    SrcHttpsPort: one.srcHttpsPort ?? 0,
    SrcPortAcl: '',
    SrcPortAclName: '',
    SrcHttpsPortAcl: '',
    SrcHttpsPortAclName: '',
    SslVerifyNone: one.sslVerifyNone,
    TimeoutServer: secondsText(one.timeoutServerSeconds),
    TimeoutClient: secondsText(one.timeoutClientSeconds),
    TimeoutTunnel: secondsText(one.timeoutTunnelSeconds),
    VerifyClientSsl: one.verifyClientSsl,
    UserAgent: { Value: one.userAgents.length === 0 ? null : one.userAgents, AclName: '' },
    UserDef: one.userDef,
    Index: one.index,
    ReqPathSearchReplaceFormatted: one.rewrites.map(({ search, replace }) => `${search},${replace}`),
    IncludeSrcPortACL: one.srcPort !== undefined,
    IncludeSrcHttpsPortACL: one.srcHttpsPort !== undefined,
    AllowFrom: one.allowFrom,
    DenyFrom: one.denyFrom,
    RateLimit: one.rateLimit === undefined ? '' : `${one.rateLimit.count}/${one.rateLimit.periodSeconds}s`,
  };
}

function secondsText(seconds: number | undefined): string {
  return seconds === undefined ? '' : String(seconds);
}
