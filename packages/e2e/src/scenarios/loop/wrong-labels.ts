/** A mistake that people make in a label, and what they must be told: its name, and what would be right. */
export interface WrongLabel {
  readonly what: string;
  readonly reader: 'proxy' | 'monitor';
  /** Without `com.df.` */
  readonly labels: Readonly<Record<string, string>>;
  readonly told: RegExp;
}

const ROUTE = { port: '8080', discoveryType: 'DNS' } as const;
const ALERT = { scrapePort: '8080', alertName: 'late' } as const;

function wrongRoute(what: string, labels: Readonly<Record<string, string>>, told: RegExp): WrongLabel {
  return { what, reader: 'proxy', labels: { ...ROUTE, servicePath: `/${what}`, ...labels }, told };
}

function wrongAlert(what: string, labels: Readonly<Record<string, string>>, told: RegExp): WrongLabel {
  return { what, reader: 'monitor', labels: { ...ALERT, ...labels }, told };
}

/** Each on a service of its own; `what` is the name of that service. */
export const WRONG_LABELS: readonly WrongLabel[] = [
  wrongRoute('port-of-letters', { port: 'abc' }, /port.*abc.*a port/),
  wrongRoute('port-too-large', { port: '80800' }, /port.*80800.*a port/),
  wrongRoute('letter-case', { Users: 'ann:secret' }, /Users.*users/),
  wrongRoute('letter-left-out', { servicDomain: 'shop.test' }, /servicDomain.*serviceDomain/),
  wrongRoute('letter-missing-at-the-end', { userSecret: 'shop' }, /userSecret.*usersSecret/),
  wrongRoute('gap-in-the-numbers', { 'port.3': '81', 'servicePath.3': '/gap' }, /\.3/),
  wrongRoute('path-without-slash', { servicePath: 'api' }, /servicePath.*api.*\//),
  wrongRoute('path-with-star', { servicePath: '/star/*' }, /servicePath.*\/star\/\*/),
  wrongRoute('domain-with-dot', { serviceDomain: '.acme.test' }, /serviceDomain.*\.acme\.test/),
  wrongRoute('quoted-value', { port: '"8080"' }, /port.*quotes/),
  wrongRoute('no-boolean', { httpsOnly: 'yes' }, /httpsOnly.*yes.*true/),
  wrongRoute('no-number', { timeoutServer: 'soon' }, /timeoutServer.*soon/),
  wrongRoute('users-in-tcp', { reqMode: 'tcp', srcPort: '7777', users: 'ann:secret' }, /users/),
  wrongRoute('compression-alone', { compressionType: 'text/html' }, /compressionType.*compressionAlgo/),
  wrongRoute('header-with-colon', { setResHeader: 'X-Frame-Options: DENY' }, /setResHeader/),
  wrongRoute('header-with-equals', { serviceHeader: 'X-Version=3' }, /serviceHeader/),
  wrongRoute('secret-of-nobody', { usersSecret: 'nobody' }, /usersSecret.*nobody/),
  wrongRoute('line-haproxy-rejects', { backendExtra: 'http-request frobnicate' }, /backendExtra/),
  wrongAlert('scrape-port-of-letters', { scrapePort: 'eighty' }, /scrapePort.*eighty/),
  wrongAlert('open-parentheses', { alertIf: '((' }, /late/),
  wrongAlert('half-an-alert', {}, /alertName.*alertIf|alertIf/),
  wrongAlert('range-vector', { alertIf: 'up[5m]' }, /late/),
  wrongAlert('shortcut-of-letters', { alertIf: '@node_mem_limit:much' }, /much/),
  wrongAlert('duration-in-words', { alertIf: 'up == 0', alertFor: '5 minutes' }, /alertFor.*5 minutes/),
  wrongAlert('alarm-of-a-neighbour', { alertIf: 'up == 0', alertLabels: 'service=bank,scale=up' }, /bank/),
  wrongAlert('scrape-secret-of-nobody', { scrapeUsersSecret: 'nobody' }, /scrapeUsersSecret.*nobody/),
];
