import type { Parameters } from '@docker-flow/labels';

/** Labels that close a service to some requests, and one of these. */
export interface Closing {
  readonly labels: Parameters;
  /** A request that it refuses. */
  readonly request: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> };
  readonly status: number;
}

/** Each label that refuses a single request. `authUrl` is the address of a server that lets nobody pass. */
export function closingLabels(authUrl: string): readonly Closing[] {
  return [
    { labels: { users: 'joe:pw' }, request: {}, status: 401 },
    { labels: { denyFrom: '127.0.0.1' }, request: {}, status: 403 },
    { labels: { allowFrom: '10.0.0.0/8' }, request: {}, status: 403 },
    { labels: { allowedMethods: 'GET' }, request: { method: 'POST' }, status: 403 },
    { labels: { deniedMethods: 'DELETE' }, request: { method: 'DELETE' }, status: 403 },
    { labels: { denyHttp: 'true' }, request: {}, status: 403 },
    { labels: { verifyClientSsl: 'true' }, request: {}, status: 403 },
    { labels: { authUrl }, request: {}, status: 401 },
    {
      labels: { authUrl, authResponseHeaders: 'Remote-User' },
      request: { headers: { 'Remote-User': 'root', Authorization: 'Basic am9lOnB3' } },
      status: 401,
    },
  ];
}

/** Labels beside them that are about something else, and open nothing. */
export const BESIDE: readonly Parameters[] = [
  { wakeOnRequest: 'true', replicas: '0', wakeWait: '1' },
  { wakeOnRequest: 'true', replicas: '0', wakeWait: '1', wakePage: '0', checkPath: '/up' },
  { authSignin: 'https://sso.test/?rd={url}' },
  { authRequestHeaders: 'Cookie' },
  { authTimeout: '60' },
  { serverName: 'a.test', sslVerifyNone: 'true' },
  { serverCa: 'system' },
  { serverProto: 'h2' },
  { sendProxy: 'v2' },
  { maxConn: '1' },
  { cookieSameSite: 'None', cookieSecure: 'false', sessionType: 'sticky-server' },
  { checkPath: '/up', checkInterval: '1', checkRise: '1', checkFall: '1' },
  { slowStart: '1', discoveryType: 'DNS' },
  { retries: '10', retryOn: '503' },
  { outlierErrors: '1', discoveryType: 'DNS' },
  { compressionAlgo: 'gzip', compressionType: 'text/html' },
  { reqPathSearchReplace: '^/p[0-9]+,/public' },
  { timeoutServer: '1', connectionMode: 'http-server-close' },
];

/** Labels of a canary that takes all requests of such a service, and would be open by itself. */
export const OPEN_CANARIES: readonly Parameters[] = [
  { canaryWeight: '100' },
  { canaryWeight: '100', users: 'eve:pw', ignoreAuthorization: 'true', corsPreflight: 'true' },
  { canaryWeight: '100', allowFrom: '0.0.0.0/0', authExcept: '/', allowedMethods: 'GET,POST,DELETE' },
];
