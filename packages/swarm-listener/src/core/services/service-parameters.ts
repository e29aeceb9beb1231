import { byText, labelValue, LISTENER_LABELS, parameterOfLabel, type Parameters } from '@docker-flow/labels';
import type { NotifyLabel } from './interest.js';
import { ownLabel, SHORT_NAME_LABEL } from './own-labels.js';
import type { SwarmService } from './swarm-objects.js';

export interface NamingRules {
  readonly notify: NotifyLabel;
  /** Put before every reported service name, joined with `_`; empty for none. */
  readonly namePrefix: string;
  /** Labels that begin so are sent too, with their full name. */
  readonly extraPrefixes: readonly string[];
}

/** What receivers are told of, of a service. */
type ToldService = Pick<SwarmService, 'name' | 'labels' | 'stack' | 'mode' | 'replicas'>;

/** The labels that are sent and compared, by parameter name: `com.df.` cut off, extra ones whole. */
export function sentLabels(service: Pick<ToldService, 'labels'>, rules: NamingRules): Record<string, string> {
  const result = Object.create(null) as Record<string, string>;
  for (const [label, value] of Object.entries(service.labels)) {
    if (label === rules.notify.key) continue;
    const parameter = parameterOfLabel(label);
    if (parameter !== undefined) result[parameter] = value;
    else if (isExtraLabel(label, rules.extraPrefixes)) result[label] = value;
  }
  return result;
}

export function isExtraLabel(label: string, extraPrefixes: readonly string[]): boolean {
  return extraPrefixes.some((prefix) => label.startsWith(prefix));
}

/** The name of a service with the prefix before it. */
export function fullName(service: Pick<ToldService, 'name'>, namePrefix: string): string {
  return namePrefix === '' ? service.name : `${namePrefix}_${service.name}`;
}

/**
 * The name receivers see. The prefix is put on before the stack name is cut off, so with both nothing is
 * cut; receivers rely on the names they have always got.
 */
export function reportedName(service: ToldService, namePrefix: string): string {
  const name = fullName(service, namePrefix);
  const short = labelValue(LISTENER_LABELS.shortName, ownLabel(service.labels, SHORT_NAME_LABEL)) === true;
  const { stack } = service;
  return short && stack !== undefined && name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name;
}

/** What a create says. `nodeInfo` is JSON text. */
export function createParameters(
  service: ToldService,
  rules: NamingRules,
  nodeInfo: string | undefined,
): Parameters {
  return {
    distribute: 'true',
    ...sentLabels(service, rules),
    serviceName: reportedName(service, rules.namePrefix),
    ...(service.mode === 'global' ? {} : { replicas: String(service.replicas ?? 0) }),
    ...(nodeInfo === undefined ? {} : { nodeInfo }),
  };
}

/** What a remove says: no replicas and no node information of ours. */
export function removeParameters(service: ToldService, rules: NamingRules): Parameters {
  return {
    distribute: 'true',
    ...sentLabels(service, rules),
    serviceName: reportedName(service, rules.namePrefix),
  };
}

/**
 * Everything of a service that counts as a change, as one text: two services are the same to receivers
 * when these are equal. The image counts although no parameter shows it.
 */
export function serviceIdentity(service: SwarmService, rules: NamingRules): string {
  const labels = Object.entries(sentLabels(service, rules)).sort(byText(([name]) => name));
  return JSON.stringify([
    reportedName(service, rules.namePrefix),
    service.name,
    labels,
    service.stack,
    service.mode === 'global',
    service.replicas,
    service.image,
  ]);
}
