import {
  LABEL_PREFIX,
  PROXY_LABELS,
  parseLabelKey,
  parseProxyLabels,
  readLabel,
  type Issue,
  type ProxyDestination,
  type ProxyService,
} from '@docker-flow/labels';
import { rawLabels } from '@docker-flow/proxy-configurator/core/model/raw-labels';
import type { Finding, Severity } from '../findings/finding.js';
import type { LabelView } from '../written/label-view.js';
import type { LintSettings } from './settings.js';

/** Labels that are about the notification, not about routes. */
const NO_ROUTE = new Set(['distribute', 'serviceName', 'replicas']);
/** What counts as absent only says that something is without effect. */
const WITHOUT_EFFECT = new Set(['discoveryType', 'sessionType', 'serviceHeader']);
const DISCOVERY: Readonly<Record<string, string>> = { dns: 'DNS', overlay: 'Overlay' };

/** Whether the labels ask for a route. */
export function asksForRoute({ parameters }: LabelView): boolean {
  return Object.keys(parameters).some(isProxyParameter);
}

function isProxyLabel(name: string): boolean {
  return Object.hasOwn(PROXY_LABELS, name) && !NO_ROUTE.has(name);
}

/** Whether a parameter, with or without number, says something about routes. */
export function isProxyParameter(parameter: string): boolean {
  return isProxyLabel(parseLabelKey(parameter).name);
}

/** What the proxy would say of one service, and the service as it would be routed. */
export function checkProxyLabels(
  view: LabelView,
  settings: LintSettings,
): { readonly findings: readonly Finding[]; readonly service?: ProxyService } {
  if (!asksForRoute(view)) return { findings: [] };
  const parameters = { ...view.parameters, serviceName: view.fullName };
  const { service, refusal, warnings } = parseProxyLabels(parameters, settings.proxy.labels);
  const unreadable = refusal?.issues.filter(({ problem }) => problem !== 'is missing') ?? [];
  const told = refusal ? warnings.filter(({ kind }) => kind !== 'never-matches') : warnings;
  const findings = [...unreadable, ...told].map((issue) => fromIssue(view, issue));
  const missing = unreadable.length === 0 && refusal ? missingParts(view, service) : [];
  const raw = settings.allowsRaw ? [] : rawLabels(service);
  return {
    findings: [
      ...findings,
      ...missing,
      ...raw.map((label) =>
        view.at(label, {
          code: 'DF110',
          severity: 'error',
          message: `${view.show(label)} holds raw configuration, which the operator does not allow`,
          expected: 'a label that needs no raw configuration',
        }),
      ),
    ],
    ...(refusal ? {} : { service }),
  };
}

function fromIssue(view: LabelView, issue: Issue): Finding {
  const { label, problem, expected } = issue;
  const { name } = parseLabelKey(label);
  const [code, severity] = codeOf(issue, name, {
    text: view.parameters[label] ?? '',
    isCanary: view.has('canaryOf'),
  });
  const suggestion =
    issue.kind === 'obsolete'
      ? `${LABEL_PREFIX}${expected}`
      : name === 'discoveryType'
        ? DISCOVERY[(view.parameters[label] ?? '').toLowerCase()]
        : (issue.suggestion ?? withoutScheme(name, view.parameters[label] ?? ''));
  return view.at(label, {
    code,
    severity,
    message: `${view.show(label)} ${problem}`,
    expected,
    ...(suggestion === undefined ? {} : { suggestion }),
  });
}

/** Domains that stand in the address of a browser. */
function withoutScheme(name: string, text: string): string | undefined {
  if (name !== 'serviceDomain' && name !== 'redirectFromDomain') return undefined;
  const items = text.trim().split(/\s*[,;\s]\s*/);
  const hosts = items.map((item) => /^(?:https?:\/\/)?([\w.*-]+)\/?$/i.exec(item)?.[1]);
  return hosts.includes(undefined) ? undefined : hosts.join(',');
}

/** Labels without effect that are no matter of newer traffic labels, which have a code of their own. */
const SINCE_EVER = new Set([
  ...WITHOUT_EFFECT,
  'compressionType',
  'redirectFromDomain',
  'users',
  'usersSecret',
  'verifyClientSsl',
  'allowedMethods',
  'deniedMethods',
  'denyHttp',
  'httpsOnly',
]);
/** What cannot be kept within a group counts as unreadable. */
const NOT_IN_GROUPS = new Set(['allowFrom', 'denyFrom', 'rateLimit']);

function codeOf(
  { kind }: Issue,
  name: string,
  { text, isCanary }: { readonly text: string; readonly isCanary: boolean },
): readonly [code: string, severity: Severity] {
  if (kind === 'obsolete') return ['DF108', 'info'];
  if (kind === 'never-matches') return ['DF205', 'warning'];
  if (kind === 'no-effect')
    return [isCanary || !(SINCE_EVER.has(name) || name.endsWith('Header')) ? 'DF702' : 'DF104', 'warning'];
  if (WITHOUT_EFFECT.has(name)) return ['DF104', 'warning'];
  return [isRefusedForOthers(name, text) ? 'DF701' : 'DF101', 'error'];
}

/** Whether a value that can be read is refused because of what else the service says. */
function isRefusedForOthers(name: string, text: string): boolean {
  const label = Object.hasOwn(PROXY_LABELS, name)
    ? PROXY_LABELS[name as keyof typeof PROXY_LABELS]
    : undefined;
  return label !== undefined && !NOT_IN_GROUPS.has(name) && text !== '' && readLabel<unknown>(label, text).ok;
}

function missingParts(view: LabelView, service: ProxyService): readonly Finding[] {
  if (service.canary)
    return [
      view.at('canaryOf', {
        code: 'DF202',
        severity: 'error',
        message: 'the canary has no port',
        expected: 'port with the port of the container',
      }),
    ];
  if (service.destinations.length === 0) {
    const proxyLabel = Object.keys(view.parameters).find(isProxyParameter);
    const isTcp = view.parameters['reqMode'] === 'tcp' || view.parameters['reqMode'] === 'sni';
    return isTcp
      ? [
          incompleteTcp(
            view,
            '',
            ['srcPort', 'port'].filter((name) => !view.has(name)),
          ),
        ]
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
      const first = Object.keys(view.parameters).find(isProxyParameter);
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
  const lacking = [
    ...(srcPort === undefined ? ['srcPort'] : []),
    ...(port === undefined ? ['port'] : []),
    ...(lacksName ? ['serviceDomain'] : []),
  ];
  return lacking.length > 0 ? [incompleteTcp(view, suffix, lacking)] : [];
}

function noPath(view: LabelView, at: string): Finding {
  const isProbablyTcp = Object.keys(view.parameters).some((name) => /^srcPort(?:\.\d+)?$/.test(name));
  return view.at(at, {
    code: 'DF201',
    severity: 'error',
    message: 'the service asks for a route, and has neither servicePath nor serviceDomain',
    expected: isProbablyTcp
      ? 'servicePath or serviceDomain, or reqMode=tcp to pass on all that arrives on srcPort'
      : 'servicePath or serviceDomain',
  });
}

/** What each of them is for. */
const MEANINGS: Readonly<Record<string, string>> = {
  srcPort: 'srcPort, the port of the proxy',
  port: 'port, the port of the container',
  serviceDomain: 'serviceDomain, the name that clients ask for',
};

function incompleteTcp(view: LabelView, suffix: string, lacking: readonly string[]): Finding {
  const own = (name: string) => [`${name}${suffix}`, name];
  const at = view.firstOf([...own('port'), ...own('srcPort'), ...own('reqMode')]);
  return view.at(at, {
    code: 'DF203',
    severity: 'error',
    message: `the destination lacks ${lacking.map((name) => MEANINGS[name] ?? name).join(', and ')}`,
    expected: lacking.map((name) => `${name}${suffix}`).join(' and '),
  });
}
