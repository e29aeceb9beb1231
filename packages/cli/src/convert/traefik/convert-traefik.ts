import {
  createDraft,
  type Conversion,
  type Route,
  type ServiceDraft,
  type WrittenLabel,
} from '../conversion.js';
import { applyMiddleware } from './middlewares.js';
import { readTraefikLabels, type Part } from './read-labels.js';
import { routesOfRule } from './rule-routes.js';
import { applyService } from './services.js';

export interface TraefikOptions {
  /** Ports of entry points by their name. */
  readonly entryPoints: ReadonlyMap<string, number>;
}

/** Names that everybody uses for the two ports of http. */
const PLAIN = new Set(['web', 'http', 'insecure']);
const SECURE = new Set(['websecure', 'https', 'web-secure', 'web_secure', 'secure']);

/** Labels of ours for those that Traefik reads; `undefined` for a service that has none. */
export function convertTraefik(
  labels: readonly WrittenLabel[],
  options: TraefikOptions,
): Conversion | undefined {
  const { parts, isEnabled, others } = readTraefikLabels(labels);
  if (
    parts.length + others.length === 0 &&
    isEnabled &&
    !labels.some(({ name }) => /^traefik\.enable$/i.test(name))
  )
    return undefined;
  if (!isEnabled) return { labels: [['notify', 'false']], left: [] };
  const draft = createDraft();
  for (const { name } of others) draft.leave(name, 'no label does this');
  const of = (kind: Part['kind']) => parts.filter((part) => part.kind === kind);
  const used = new Set<Part>();
  for (const router of of('router')) {
    if (isRedirectOf(router, parts)) {
      for (const part of middlewaresOf(router, parts)) used.add(part);
      continue;
    }
    convertRouter(router, parts, options, draft, used);
  }
  for (const part of [...of('service'), ...of('middleware')])
    if (!used.has(part))
      for (const { name } of part.options.values())
        draft.leave(name, `no router here uses the ${part.kind} ${part.name}`);
  return draft.finish();
}

function ruleOf(router: Part): string {
  return router.options.get('rule')?.text ?? '';
}

function entryPointsOf({ options }: Part): readonly string[] {
  return list(options.get('entrypoints')?.text).map((name) => name.toLowerCase());
}

function list(text = ''): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

/** Its own middlewares, also those of chains; what another provider or service has is not here. */
function middlewaresOf(router: Part, parts: readonly Part[]): readonly Part[] {
  const found = new Set<Part>();
  const add = (names: readonly string[]): void => {
    for (const name of names) {
      const [bare = ''] = name.toLowerCase().split('@');
      const part = parts.find((one) => one.kind === 'middleware' && one.name === bare);
      if (!part || found.has(part)) continue;
      found.add(part);
      add(list(part.options.get('chain.middlewares')?.text));
    }
  };
  add(list(router.options.get('middlewares')?.text));
  return [...found];
}

/** A router that only sends to https what another router with the same rule serves there: `httpsOnly` of that one. */
function isRedirectOf(router: Part, parts: readonly Part[]): boolean {
  const redirects = middlewaresOf(router, parts).some(
    ({ options }) => options.get('redirectscheme.scheme')?.text === 'https',
  );
  return redirects && !isSecure(router) && parts.some((other) => isTwin(other, router));
}

function isTwin(other: Part, router: Part): boolean {
  return (
    other.kind === 'router' &&
    other !== router &&
    other.protocol === router.protocol &&
    ruleOf(other) === ruleOf(router) &&
    isSecure(other)
  );
}

function isSecure(router: Part): boolean {
  const tls = [...router.options.keys()].some((option) => option === 'tls' || option.startsWith('tls.'));
  return tls || entryPointsOf(router).some((name) => SECURE.has(name));
}

function convertRouter(
  router: Part,
  parts: readonly Part[],
  options: TraefikOptions,
  draft: ServiceDraft,
  used: Set<Part>,
): void {
  const rule = router.options.get('rule');
  const routes = rule === undefined ? 'the router has no rule' : routesOfRule(rule.text);
  const own = middlewaresOf(router, parts);
  const service = serviceOf(router, parts);
  if (service) used.add(service);
  for (const part of own) used.add(part);
  if (typeof routes === 'string') {
    draft.leave(rule?.name ?? `the router ${router.name}`, routes);
    return;
  }
  for (const route of routes) {
    if (router.protocol === 'tcp') asTcp(router, route);
    onEntryPoints(router, route, options, draft);
    if (router.protocol === 'http') withTls(router, parts, route, draft);
    for (const part of own) applyMiddleware(part, route, draft);
    if (service) applyService(service, route, draft);
    if (!route.has('serviceDomain') && !route.has('servicePath') && router.protocol === 'http')
      route.set('servicePath', '/');
    draft.addRoute(route);
  }
  leaveOthers(router, parts, own, service, draft);
}

function serviceOf(router: Part, parts: readonly Part[]): Part | undefined {
  const services = parts.filter((part) => part.kind === 'service' && part.protocol === router.protocol);
  const [named] = (router.options.get('service')?.text.toLowerCase() ?? '').split('@');
  if (named !== undefined && named !== '') return services.find(({ name }) => name === named);
  return (
    services.find(({ name }) => name === router.name) ?? (services.length === 1 ? services[0] : undefined)
  );
}

function asTcp(router: Part, route: Route): void {
  const isPassedThrough = router.options.get('tls.passthrough')?.text === 'true';
  route.set('reqMode', isPassedThrough && route.has('serviceDomain') ? 'sni' : 'tcp');
}

/** Http goes through the ports that the proxy has; bytes want a port of their own. */
function onEntryPoints(
  router: Part,
  route: Route,
  { entryPoints }: TraefikOptions,
  draft: ServiceDraft,
): void {
  const label = router.options.get('entrypoints');
  const names = entryPointsOf(router);
  const ports = names.flatMap((name) => entryPoints.get(name) ?? []);
  if (router.protocol === 'tcp') {
    const known =
      ports[0] ??
      (names.some((name) => SECURE.has(name)) ? 443 : names.some((name) => PLAIN.has(name)) ? 80 : undefined);
    if (known === undefined)
      draft.leave(
        label?.name ?? `the router ${router.name}`,
        'com.df.srcPort wants the port of the entry point (--entry-point NAME=PORT)',
      );
    else route.set('srcPort', String(known));
    return;
  }
  const strange = names.filter((name) => !PLAIN.has(name) && !SECURE.has(name));
  if (label === undefined || strange.length === 0) return;
  if (ports.length === 1 && names.length === 1) route.set('srcPort', String(ports[0]));
  else
    draft.leave(
      label.name,
      `com.df.srcPort wants the port of ${strange.join(', ')} (--entry-point NAME=PORT)`,
    );
}

/** A router that is served over TLS alone, with a certificate by itself where Traefik gets one. */
function withTls(router: Part, parts: readonly Part[], route: Route, draft: ServiceDraft): void {
  const { options } = router;
  const redirect = parts.find((other) => isTwin(router, other) && isRedirectOf(other, parts));
  const isOnlySecure = isSecure(router) && !entryPointsOf(router).some((name) => PLAIN.has(name));
  const resolver = options.get('tls.certresolver');
  if (redirect || isOnlySecure) draft.setOn(route, 'httpsOnly', 'true', resolver?.name ?? router.name);
  const isPermanent =
    redirect &&
    middlewaresOf(redirect, parts).some(
      (part) => part.options.get('redirectscheme.permanent')?.text === 'true',
    );
  if (isPermanent === true) draft.setOn(route, 'httpsRedirectCode', '301', router.name);
  if (resolver === undefined) return;
  const names = [...options]
    .filter(([option]) => /^tls\.domains(?:\[\d+\])?\.(?:main|sans)$/.test(option))
    .flatMap(([, { text }]) => list(text));
  if (names.length > 0) draft.set('acmeDomains', [...new Set(names)].join(','), resolver.name);
  else draft.set('acme', 'true', resolver.name);
}

const UNDERSTOOD =
  /^(?:rule|entrypoints|service|middlewares|tls|tls\.certresolver|tls\.passthrough|tls\.domains(?:\[\d+\])?\.(?:main|sans))$/;

function leaveOthers(
  router: Part,
  parts: readonly Part[],
  own: readonly Part[],
  service: Part | undefined,
  draft: ServiceDraft,
): void {
  for (const [option, { name }] of router.options) {
    if (option === 'priority')
      draft.leave(name, 'com.df.aclName sorts services: the earlier one is asked first, / last');
    else if (!UNDERSTOOD.test(option)) draft.leave(name, 'no label does this');
  }
  const middlewares = router.options.get('middlewares');
  const here = new Set(own.map(({ name }) => name));
  const missing = list(middlewares?.text).filter((one) => !here.has(one.toLowerCase().split('@')[0] ?? ''));
  if (middlewares && missing.length > 0)
    draft.leave(middlewares.name, `${missing.join(', ')} is described elsewhere, and is not taken over`);
  const named = router.options.get('service');
  if (named && !service && parts.length > 0)
    draft.leave(named.name, `the service ${named.text} is described elsewhere`);
  if (!service && router.protocol === 'http')
    draft.leave(`the router ${router.name}`, 'com.df.port wants the port of the container');
}
