import { formatIssue, parseProxyLabels, type Parameters, type ProxyService } from '@docker-flow/labels';
import { LOCKED } from '@docker-flow/proxy-configurator/core/backends/authentication';
import { canaryConflicts } from '@docker-flow/proxy-configurator/core/canary/canaries';
import { findPortConflicts } from '@docker-flow/proxy-configurator/core/entry-ports/entry-port-conflicts';
import { rawLabels } from '@docker-flow/proxy-configurator/core/model/raw-labels';
import type { RoutedService } from '@docker-flow/proxy-configurator/core/model/routed-service';
import { inServiceOrder } from '@docker-flow/proxy-configurator/core/model/service-order';
import type { Settings, User } from '@docker-flow/proxy-configurator/core/model/settings';
import type { ProgramSettings } from './program-settings.js';

export interface ProxyRoutes {
  /** What would be routed, in the order of the proxy. */
  readonly routed: readonly RoutedService[];
  /** By name of the service: why it would not be. */
  readonly rejected: ReadonlyMap<string, string>;
}

/** What the proxy would route of services with these parameters, as far as no template and no secret is asked. */
export function proxyRoutes(
  all: readonly Parameters[],
  { proxy, allowsRaw, proxyInstance }: ProgramSettings,
): ProxyRoutes {
  const rejected = new Map<string, string>();
  const accepted: RoutedService[] = [];
  for (const parameters of all) {
    const { service, refusal } = parseProxyLabels(parameters, proxy.labels);
    if (service.destinations.length === 0 && refusal?.issues.every(isMissing) !== false) continue;
    if (!isServed(service, proxyInstance)) continue;
    const raw = allowsRaw ? undefined : rawLabels(service)[0];
    const reason =
      refusal?.message ?? (raw === undefined ? undefined : `label ${raw} holds raw configuration`);
    if (reason === undefined) accepted.push(routedService(service, proxy));
    else rejected.set(service.name, reason);
  }
  for (const [name, issue] of findPortConflicts(accepted, proxy)) rejected.set(name, formatIssue(issue));
  for (const [name, { issue }] of canaryConflicts(accepted)) rejected.set(name, formatIssue(issue));
  const routed = inServiceOrder(accepted.filter(({ service }) => !rejected.has(service.name)));
  return { routed, rejected };
}

function isMissing({ problem }: { readonly problem: string }): boolean {
  return problem === 'is missing';
}

function isServed({ proxyInstanceName = '', replicas }: ProxyService, only: string | undefined): boolean {
  return replicas !== 0 && (only === undefined || proxyInstanceName.toLowerCase() === only.toLowerCase());
}

/** Contents of secrets are not known: who has a password there counts as locked. Templates are not read. */
export function routedService(service: ProxyService, { users: others }: Settings): RoutedService {
  return {
    service,
    users: usersOf(service, others),
    frontendSnippet: service.templateFePath === undefined ? undefined : '',
    backendSnippet: service.templateBePath === undefined ? undefined : '',
  };
}

function usersOf(
  { users, usersSecret, usersEncrypted }: ProxyService,
  others: readonly User[],
): readonly User[] | undefined {
  if (users.length === 0 && usersSecret === undefined) return undefined;
  const found = users.flatMap(({ name, password }): readonly User[] => {
    if (password !== undefined) return [{ name, password, encrypted: usersEncrypted }];
    const known = others.find((other) => other.name.toLowerCase() === name.toLowerCase());
    return known && usersSecret === undefined ? [{ ...known, name }] : [];
  });
  return found.length > 0 ? found : LOCKED;
}
