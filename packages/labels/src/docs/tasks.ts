import type { Label, Reader } from '../catalogue/label.js';
import { LABEL_PREFIX } from '../wire/label-key.js';
import { codeSpan, markdownTable } from './markdown-table.js';

/** Something that people want, in the words they search for, and the labels that do it, the first ones first. */
interface Task {
  readonly words: string;
  readonly labels: readonly string[];
}

const TASKS: readonly Task[] = [
  {
    words: 'send a path or a domain to a service: host, virtual host, route',
    labels: ['servicePath', 'serviceDomain', 'port', 'notify'],
  },
  { words: 'several ports or routes of one service', labels: ['servicePath', 'port', 'srcPort'] },
  { words: 'strip a prefix, rewrite a path', labels: ['reqPathSearchReplace'] },
  { words: 'which route wins: order, priority', labels: ['aclName', 'pathType', 'servicePathExclude'] },
  { words: 'default backend, catch-all', labels: ['isDefaultBackend'] },
  {
    words: 'basic auth, password, htpasswd',
    labels: ['users', 'usersSecret', 'usersPassEncrypted', 'ignoreAuthorization'],
  },
  {
    words: 'single sign-on, OAuth, forward auth',
    labels: ['authUrl', 'authSignin', 'authResponseHeaders', 'authExcept'],
  },
  { words: 'allow list, block list, IP addresses', labels: ['allowFrom', 'denyFrom'] },
  { words: 'rate limit, too many requests, connections', labels: ['rateLimit', 'maxConn'] },
  { words: 'allow some methods only: read-only, GET', labels: ['allowedMethods', 'deniedMethods'] },
  { words: 'CORS', labels: ['setResHeader', 'corsPreflight'] },
  {
    words: 'headers: HSTS, security headers, X-Forwarded',
    labels: ['setResHeader', 'addResHeader', 'delResHeader', 'setReqHeader', 'addReqHeader', 'delReqHeader'],
  },
  {
    words: 'https only, redirect http to https',
    labels: ['httpsOnly', 'httpsRedirectCode', 'redirectWhenHttpProto', 'denyHttp'],
  },
  { words: 'redirect www or an old domain', labels: ['redirectFromDomain'] },
  { words: "certificate, Let's Encrypt, ACME", labels: ['acme', 'acmeDomains', 'serviceCert'] },
  { words: 'client certificates, mTLS', labels: ['verifyClientSsl'] },
  {
    words: 'health check, dead servers, retries',
    labels: ['checkPath', 'checkTcp', 'checkInterval', 'retries', 'outlierErrors'],
  },
  { words: 'sticky sessions', labels: ['sessionType', 'cookieSecure', 'cookieSameSite'] },
  {
    words: 'WebSocket, long requests, timeouts',
    labels: ['timeoutServer', 'timeoutTunnel', 'timeoutClient'],
  },
  {
    words: 'https, HTTP/2 or gRPC to the service',
    labels: ['sslVerifyNone', 'serverName', 'serverCa', 'serverProto'],
  },
  {
    words: 'TCP, databases, TLS passthrough',
    labels: ['reqMode', 'srcPort', 'serviceGroup', 'balanceGroup'],
  },
  { words: 'client address behind another proxy, PROXY protocol', labels: ['acceptProxy', 'sendProxy'] },
  {
    words: 'canary, weights, gradual rollout, A/B test',
    labels: ['canaryOf', 'canaryWeight', 'canarySticky', 'canaryHeader', 'canaryCookie'],
  },
  { words: 'gzip, compression', labels: ['compressionAlgo', 'compressionType'] },
  { words: 'a host outside of the Swarm', labels: ['outboundHostname'] },
  {
    words: 'HAProxy configuration of my own, templates',
    labels: ['backendExtra', 'templateFePath', 'templateBePath'],
  },
  {
    words: 'metrics, Prometheus, scrape',
    labels: ['scrapePort', 'metricsPath', 'scrapeNetwork', 'scrapeInterval'],
  },
  {
    words: 'metrics behind https or a password',
    labels: ['scrapeScheme', 'scrapeUsersSecret', 'scrapeBearerSecret'],
  },
  { words: 'alerts', labels: ['alertName', 'alertIf', 'alertFor', 'alertLabels', 'alertAnnotations'] },
  { words: 'autoscaling, replicas', labels: ['scaleMin', 'scaleMax', 'scaleOn', 'scaleTarget', 'alertIf'] },
  {
    words: 'how fast it scales: steps, cool-down, stabilization',
    labels: ['scaleUpBy', 'scaleUpCooldown', 'scaleUpPolicies', 'scaleDownPolicies', 'scaleDownWindow'],
  },
  {
    words: 'office hours, at night: schedules',
    labels: ['scaleScheduleStart', 'scaleScheduleEnd', 'scaleScheduleTimezone', 'scaleScheduleMin'],
  },
  {
    words: 'scale to zero, sleep, wake by a request',
    labels: ['scaleToZero', 'scaleZeroCooldown', 'wakeOnRequest', 'wakeWait'],
  },
  {
    words: 'who hears of a service, several proxies',
    labels: ['notify', 'notifyService', 'proxyInstanceName', 'distribute'],
  },
];

/**
 * The index by task of the page.
 *
 * @throws {Error} when a task names a label that is in no catalogue, or only as an old name
 */
export function renderTasks(catalogue: Readonly<Record<Reader, readonly Label[]>>, tasks = TASKS): string {
  const known = new Set(
    Object.values(catalogue)
      .flat()
      .filter(({ deprecatedFor, sentByListener }) => deprecatedFor === undefined && sentByListener !== true)
      .map(({ name }) => name),
  );
  const rows = tasks.map(({ words, labels }) => {
    const unknown = labels.filter((name) => !known.has(name));
    if (unknown.length > 0) throw new Error(`no such labels for "${words}": ${unknown.join(', ')}`);
    return [words, labels.map((name) => codeSpan(`${LABEL_PREFIX}${name}`)).join(', ')];
  });
  return `## What do you want to do?\n\n${markdownTable(['task', 'labels'], rows)}\n`;
}
