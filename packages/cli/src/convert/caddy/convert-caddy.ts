import {
  createDraft,
  type Conversion,
  type Route,
  type ServiceDraft,
  type WrittenLabel,
} from '../conversion.js';
import { readAddresses, type SiteAddress } from './addresses.js';
import { readCaddyLabels, type Directive } from './read-labels.js';
import { applyHeader, applyUpstream } from './upstreams.js';

/** Labels of ours for those of caddy-docker-proxy; `undefined` for a service that has none. */
export function convertCaddy(labels: readonly WrittenLabel[]): Conversion | undefined {
  const sites = readCaddyLabels(labels.filter(({ name }) => name !== 'caddy_ingress_network'));
  if (sites.length === 0) return undefined;
  const draft = createDraft();
  const redirected = redirectedDomains(sites);
  for (const site of sites) convertSite(site, redirected, draft);
  return draft.finish();
}

/** Sites that only redirect to another domain, by that domain. */
function redirectedDomains(sites: readonly Directive[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const site of sites) {
    const target = redirectTarget(site);
    if (target !== undefined)
      found.set(target, [...(found.get(target) ?? []), ...readAddresses(site.text).domains]);
  }
  return found;
}

function redirectTarget({ inside }: Directive): string | undefined {
  const [only, ...others] = inside;
  if (only?.name !== 'redir' || others.length > 0) return undefined;
  return /^https?:\/\/([\w.-]+)\{(?:uri|http\.request\.uri)\}(?:\s|$)/.exec(only.text)?.[1];
}

interface Site {
  readonly address: SiteAddress;
  readonly redirectFrom: readonly string[];
  /** What holds for all of the site. */
  readonly common: readonly Directive[];
  readonly matchers: ReadonlyMap<string, Directive>;
}

function convertSite(
  site: Directive,
  redirected: ReadonlyMap<string, readonly string[]>,
  draft: ServiceDraft,
): void {
  if (redirectTarget(site) !== undefined) return;
  if (site.text.startsWith('(')) {
    draft.leave(site.label, 'snippets are not taken over');
    return;
  }
  const address = readAddresses(site.text);
  const own: Site = {
    address,
    redirectFrom: address.domains.flatMap((domain) => redirected.get(domain) ?? []),
    common: site.inside.filter(({ name }) => !ROUTING.has(name) && !name.startsWith('@')),
    matchers: new Map(site.inside.filter(({ name }) => name.startsWith('@')).map((one) => [one.name, one])),
  };
  const tls = site.inside.find(({ name }) => name === 'tls');
  const isInternal = tls?.text === 'internal';
  if (isInternal)
    draft.leave(tls.label, 'certificates of an authority of your own are secrets or files of the proxy');
  if (address.isSecured && !isInternal) {
    draft.set('acme', 'true', site.label);
    if (tls?.inside.some(({ name }) => name === 'dns') === true)
      draft.set('acmeChallenge', 'dns-01', tls.label);
  }
  for (const directive of routingIn(site.inside)) convertRoute(directive, own, draft);
  if (address.ports.length > 1) draft.leave(site.label, 'com.df.srcPort holds one port');
}

const ROUTING = new Set(['reverse_proxy', 'handle', 'handle_path', 'route']);

interface RoutingDirective {
  readonly directive: Directive;
  readonly path: string;
  readonly isStripped: boolean;
  /** Lines of the block that it stands in. */
  readonly beside: readonly Directive[];
}

/** Every `reverse_proxy` with the path of the block around it. */
function routingIn(
  directives: readonly Directive[],
  around: Pick<RoutingDirective, 'path' | 'isStripped'> = { path: '', isStripped: false },
  isInside = false,
): readonly RoutingDirective[] {
  const beside = isInside ? directives.filter(({ name }) => !ROUTING.has(name) && !name.startsWith('@')) : [];
  return directives.flatMap((directive): readonly RoutingDirective[] => {
    if (directive.name === 'reverse_proxy') return [{ directive, beside, ...around }];
    if (!ROUTING.has(directive.name)) return [];
    const path = directive.text === '' ? around.path : directive.text;
    const isStripped = directive.name === 'handle_path' || around.isStripped;
    return routingIn(directive.inside, { path, isStripped }, true);
  });
}

function convertRoute(
  { directive, path, isStripped, beside }: RoutingDirective,
  site: Site,
  draft: ServiceDraft,
): void {
  const route: Route = new Map();
  const words = directive.text.split(/\s+(?![^{]*\}\})/).filter(Boolean);
  const [first = ''] = words;
  const hasMatcher = /^[/@*]/.test(first);
  const targets = hasMatcher ? words.slice(1) : words;
  const inner = directive.inside.filter(({ name }) => name === 'to').flatMap(({ text }) => text.split(/\s+/));
  const { domains } = site.address;
  if (domains.length > 0) route.set('serviceDomain', domains.join(','));
  matchOn(hasMatcher ? first : path, route, site, directive, draft);
  if (isStripped && path !== '') {
    const prefix = plainPath(path).replace(/\/$/, '');
    draft.setOn(route, 'reqPathSearchReplace', `^${prefix}/?,/`, directive.label);
  }
  if (domains.length === 0 && !route.has('servicePath')) route.set('servicePath', '/');
  const [port] = site.address.ports;
  if (port !== undefined) route.set('srcPort', String(port));
  const [target = '', ...more] = [...targets, ...inner];
  applyUpstream(directive, target, route, draft);
  if (more.length > 0)
    draft.leave(directive.label, `a destination has one address: ${more.join(' ')} is not taken over`);
  if (site.address.isSecured) draft.setOn(route, 'httpsOnly', 'true', directive.label);
  if (site.redirectFrom.length > 0)
    draft.setOn(route, 'redirectFromDomain', site.redirectFrom.join(','), directive.label);
  for (const one of [...site.common, ...beside]) applyDirective(one, route, draft);
  draft.addRoute(route);
}

/** `/api/*` is everything below `/api/`. */
function plainPath(path: string): string {
  return path.replace(/\*$/, '');
}

/** A path, or a matcher with a name. */
function matchOn(matcher: string, route: Route, site: Site, { label }: Directive, draft: ServiceDraft): void {
  if (matcher === '' || matcher === '*') return;
  if (!matcher.startsWith('@')) {
    setPaths([matcher], route);
    return;
  }
  const named = site.matchers.get(matcher);
  if (!named) {
    draft.leave(label, `the matcher ${matcher} is not among the labels`);
    return;
  }
  const [kind = '', ...values] = named.text.split(/\s+/).filter(Boolean);
  const conditions = [
    ...(kind === '' ? [] : [{ name: kind, values, label: named.label }]),
    ...named.inside.map((one) => ({ name: one.name, values: one.text.split(/\s+/), label: one.label })),
  ];
  for (const condition of conditions) {
    const list = condition.values.join(',');
    if (condition.name === 'path') setPaths(condition.values, route);
    else if (condition.name === 'host') route.set('serviceDomain', list);
    else if (condition.name === 'header') route.set('serviceHeader', condition.values.join(':'));
    else if (condition.name === 'method') route.set('allowedMethods', list);
    else if (condition.name === 'remote_ip' || condition.name === 'client_ip') route.set('allowFrom', list);
    else if (condition.name === 'path_regexp') {
      route.set('servicePath', condition.values.at(-1) ?? '');
      route.set('pathType', 'path_reg');
    } else draft.leave(condition.label, `no label compares ${condition.name}`);
  }
}

/** Of paths without an asterisk only the very same fit. */
function setPaths(paths: readonly string[], route: Route): void {
  route.set('servicePath', paths.map(plainPath).join(','));
  if (paths.every((path) => !path.endsWith('*'))) route.set('pathType', 'path');
}

function applyDirective(directive: Directive, route: Route, draft: ServiceDraft): void {
  const { name, text, label, inside } = directive;
  const write = (labelName: string, value: string) => draft.setOn(route, labelName, value, label);
  switch (name) {
    case 'tls':
      if (text.includes('@'))
        draft.leave(label, 'EMAIL of the certificates program is the address of the account');
      return;
    case 'encode':
      if (text.includes('gzip') || text === '') write('compressionAlgo', 'gzip');
      else draft.leave(label, 'HAProxy compresses with gzip');
      return;
    case 'basicauth':
    case 'basic_auth':
      for (const user of inside) {
        draft.set('users', `${user.name}:${user.text}`, label);
        draft.set('usersPassEncrypted', 'true', label);
      }
      if (text !== '' && text !== '*') draft.leave(label, 'a password holds for the whole service');
      return;
    case 'header':
      for (const line of [...(text === '' ? [] : [text]), ...inside.map((one) => `${one.name} ${one.text}`)])
        if (/^[/@]/.test(line)) draft.leave(label, 'headers are set for the whole service');
        else applyHeader(line, 'Res', write);
      return;
    case 'forward_auth':
      applyForwardAuth(directive, write);
      return;
    case 'uri': {
      const words = text === '' ? inside.map((one) => `${one.name} ${one.text}`) : [text];
      for (const word of words) {
        const [, prefix] = /^strip_prefix\s+(\S+)/.exec(word) ?? [];
        if (prefix === undefined)
          draft.leave(label, 'com.df.reqPathSearchReplace rewrites paths by regular expression');
        else write('reqPathSearchReplace', `^${prefix.replace(/\/$/, '')}/?,/`);
      }
      return;
    }
    case 'rewrite': {
      const [, prefix] = /^\*\s+(\/\S*?)\/?\{uri\}$/.exec(text) ?? [];
      if (prefix === undefined)
        draft.leave(label, 'com.df.reqPathSearchReplace rewrites paths by regular expression');
      else write('reqPathSearchReplace', `^/,${prefix}/`);
      return;
    }
    case 'redir':
      draft.leave(label, 'com.df.redirectFromDomain redirects one domain to another; nothing else');
      return;
    default:
      draft.leave(label, 'no label does this');
  }
}

function applyForwardAuth({ text, inside }: Directive, write: (name: string, value: string) => void): void {
  const server = text.split(/\s+/).at(-1) ?? '';
  const uri = inside.find(({ name }) => name === 'uri')?.text ?? '/';
  write('authUrl', `${/^https?:/.test(server) ? '' : 'http://'}${server}${uri}`);
  const copied = inside.find(({ name }) => name === 'copy_headers');
  const names = [
    ...(copied?.text.split(/\s+/) ?? []),
    ...(copied?.inside.map((one) => one.name) ?? []),
  ].filter(Boolean);
  if (names.length > 0) write('authResponseHeaders', names.join(','));
}
