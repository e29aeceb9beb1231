import {
  PROXY_LABELS,
  parseLabelKey,
  parseProxyLabels,
  type Issue,
  type ProxyDestination,
  type ProxyService,
} from '@docker-flow/labels';
import { firstRawLabel } from '@docker-flow/proxy-configurator/core/model/raw-labels';
import type { Finding } from './finding.js';
import type { LabelView } from './label-view.js';
import type { LintSettings } from './settings.js';

/** Labels that are about the notification, not about routes. */
const NO_ROUTE = new Set(['distribute', 'serviceName', 'replicas']);
/** What counts as absent only says that something is without effect. */
const WITHOUT_EFFECT = new Set(['discoveryType', 'sessionType', 'serviceHeader', 'redirectFromDomain']);
const CLOSES = [
  'users',
  'usersSecret',
  'verifyClientSsl',
  'allowedMethods',
  'deniedMethods',
  'denyHttp',
  'httpsOnly',
];
const DISCOVERY: Readonly<Record<string, string>> = { dns: 'DNS', overlay: 'Overlay' };

/** Whether the labels ask for a route. */
export function asksForRoute({ parameters }: LabelView): boolean {
  return Object.keys(parameters).some((parameter) => isProxyLabel(parseLabelKey(parameter).name));
}

function isProxyLabel(name: string): boolean {
  return name in PROXY_LABELS && !NO_ROUTE.has(name);
}

/** What the proxy would say of one service, and the service as it would be routed. */
export function checkProxyLabels(
  view: LabelView,
  settings: LintSettings,
): { readonly findings: readonly Finding[]; readonly service?: ProxyService } {
  if (!asksForRoute(view)) return { findings: [] };
  const parameters = { ...view.parameters, serviceName: view.fullName };
  const { service, refusal, warnings } = parseProxyLabels(parameters, settings.proxy);
  const unreadable = refusal?.issues.filter(({ problem }) => problem !== 'is missing') ?? [];
  const findings = [...unreadable, ...warnings].map((issue) => fromIssue(view, issue));
  const missing = unreadable.length === 0 && refusal ? missingParts(view, service) : [];
  const raw = settings.allowsRaw ? undefined : firstRawLabel(service);
  return {
    findings: [
      ...findings,
      ...missing,
      ...(raw === undefined
        ? []
        : [
            view.at(raw, {
              code: 'DF110',
              severity: 'error',
              message: `${view.show(raw)} holds raw configuration, which the operator does not allow`,
              expected: 'a label that needs no raw configuration',
            }),
          ]),
      ...withoutEffect(view, service),
      ...(refusal ? [] : service.destinations.flatMap((destination) => cannotMatch(view, destination))),
    ],
    ...(refusal ? {} : { service }),
  };
}

function fromIssue(view: LabelView, { label, problem, expected }: Issue): Finding {
  const { name } = parseLabelKey(label);
  const hasNoEffect = WITHOUT_EFFECT.has(name) || problem === 'has no effect';
  const suggestion =
    name === 'discoveryType' ? DISCOVERY[(view.parameters[label] ?? '').toLowerCase()] : undefined;
  return view.at(label, {
    code: hasNoEffect ? 'DF104' : 'DF101',
    severity: hasNoEffect ? 'warning' : 'error',
    message: `${view.show(label)} ${problem}`,
    expected,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}

function missingParts(view: LabelView, service: ProxyService): readonly Finding[] {
  if (service.destinations.length === 0) {
    const proxyLabel = Object.keys(view.parameters).find((key) => isProxyLabel(parseLabelKey(key).name));
    const isTcp = view.parameters['reqMode'] === 'tcp' || view.parameters['reqMode'] === 'sni';
    return isTcp
      ? [incompleteTcp(view, '')]
      : [noPath(view, view.has('port') ? 'port' : (proxyLabel ?? 'port'))];
  }
  return service.destinations.flatMap((destination) => missingOf(view, destination));
}

function missingOf(view: LabelView, destination: ProxyDestination): readonly Finding[] {
  const { index, mode, paths, domains, port, httpsPort, srcPort } = destination;
  const suffix = index === 0 ? '' : `.${index}`;
  const own = (name: string) => `${name}${suffix}`;
  if (mode === 'http') {
    if (paths.length === 0) {
      const first = Object.keys(view.parameters).find((key) => isProxyLabel(parseLabelKey(key).name));
      return [noPath(view, view.firstOf([own('port'), 'port']) ?? first ?? 'port')];
    }
    if (port !== undefined || httpsPort !== undefined) return [];
    return [
      view.at(view.firstOf([own('servicePath'), own('serviceDomain'), 'servicePath', 'serviceDomain']), {
        code: 'DF202',
        severity: 'error',
        message: `the destination has no port`,
        expected: `${own('port')} with the port of the container`,
      }),
    ];
  }
  const lacksName = mode === 'sni' && paths.length === 0 && domains.length === 0;
  return srcPort === undefined || port === undefined || lacksName ? [incompleteTcp(view, suffix)] : [];
}

function noPath(view: LabelView, at: string): Finding {
  return view.at(at, {
    code: 'DF201',
    severity: 'error',
    message: 'the service asks for a route, and has neither servicePath nor serviceDomain',
    expected: 'servicePath or serviceDomain',
  });
}

function incompleteTcp(view: LabelView, suffix: string): Finding {
  const own = (name: string) => [`${name}${suffix}`, name];
  const at = view.firstOf([...own('port'), ...own('srcPort'), ...own('reqMode')]);
  return view.at(at, {
    code: 'DF203',
    severity: 'error',
    message:
      'a tcp or sni destination needs srcPort, the port of the proxy, and port, the port of the container; sni a name, too',
    expected: `srcPort${suffix} and port${suffix}`,
  });
}

function withoutEffect(view: LabelView, service: ProxyService): readonly Finding[] {
  const findings: Finding[] = [];
  const say = (label: string, message: string, expected: string) =>
    void findings.push(view.at(label, { code: 'DF104', severity: 'warning', message, expected }));
  if (view.has('compressionType') && !view.has('compressionAlgo'))
    say(
      'compressionType',
      `${view.show('compressionType')} has no effect without compressionAlgo`,
      'compressionAlgo',
    );
  const modes = service.destinations.map(({ mode }) => mode);
  if (modes.length > 0 && modes.every((mode) => mode !== 'http'))
    for (const key of Object.keys(view.parameters))
      if (CLOSES.includes(parseLabelKey(key).name))
        say(key, `${key} has no effect on tcp and sni destinations`, 'an http destination');
  return findings;
}

/** Paths and domains that no request can have (DF205). */
function cannotMatch(view: LabelView, destination: ProxyDestination): readonly Finding[] {
  const { index, mode, paths, pathType, pathImplied, domains } = destination;
  if (mode !== 'http') return [];
  const own = (name: string) => (index === 0 ? name : `${name}.${index}`);
  const isTextual = pathType === undefined || pathType === 'path' || pathType === 'path_beg';
  const wrongPath =
    isTextual && !pathImplied ? paths.find((path) => pathProblem(path) !== undefined) : undefined;
  const wrongDomain = domains.find((domain) => domain.startsWith('.'));
  return [
    ...(wrongPath === undefined
      ? []
      : [
          view.at(own('servicePath'), {
            code: 'DF205',
            severity: 'warning',
            message: `${view.show(own('servicePath'))} can never match: the path ${pathProblem(wrongPath) ?? ''}`,
            ...mendedPath(wrongPath, paths),
          }),
        ]),
    ...(wrongDomain === undefined
      ? []
      : [
          view.at(own('serviceDomain'), {
            code: 'DF205',
            severity: 'warning',
            message: `${view.show(own('serviceDomain'))} can never match: the domain begins with a dot`,
            expected: `*${wrongDomain}`,
            suggestion: domains.map((domain) => (domain === wrongDomain ? `*${domain}` : domain)).join(','),
          }),
        ]),
  ];
}

function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'does not begin with a slash';
  if (path.includes('?')) return 'holds a question mark';
  if (path.length > 1 && path.endsWith('*')) return 'ends with an asterisk';
  return /\s/.test(path) ? 'holds a blank' : undefined;
}

function mendedPath(wrong: string, paths: readonly string[]) {
  if (wrong.includes('?') || /\s/.test(wrong)) return { expected: 'a path that begins with a slash' };
  const mended = (path: string) => {
    const rooted = path.startsWith('/') ? path : `/${path}`;
    return rooted.length > 1 ? rooted.replace(/\*+$/, '') : rooted;
  };
  return {
    expected: mended(wrong),
    suggestion: paths.map((path) => (path === wrong ? mended(path) : path)).join(','),
  };
}
