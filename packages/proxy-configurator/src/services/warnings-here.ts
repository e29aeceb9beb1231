import {
  PROXY_LABELS,
  type Issue,
  type Label,
  type Parameters,
  type ProxyService,
} from '@docker-flow/labels';
import type { Addresses } from '../core/model/routed-service.js';
import type { ServiceRequest } from '../core/model/service-version.js';
import type { Settings } from '../core/model/settings.js';

/** What a service asks for and does not get here: because of the operator's settings, or of the network. */
export function warningsHere(
  { service, parameters }: Pick<ServiceRequest, 'service' | 'parameters'>,
  { addresses, settings }: { readonly addresses: Addresses; readonly settings: Settings },
): readonly Issue[] {
  const issues = [...openEntryPorts(service, settings), ...singleServers(service, addresses, settings)].map(
    ({ index, label, ...issue }) => ({ ...issue, label: keyOf(label, index, parameters) }),
  );
  issues.push(...scalerIssues({ service }, settings));
  // A label that all destinations share is told of once.
  return issues.filter(({ label }, at) => issues.findIndex((one) => one.label === label) === at);
}

/** What a service asks for that no scaler is there for. */
export function scalerIssues(
  { service }: Pick<ServiceRequest, 'service'>,
  { scaler }: Pick<Settings, 'scaler'>,
): readonly Issue[] {
  if (scaler || !service.waking || service.canary) return [];
  return [
    {
      service: service.name,
      label: PROXY_LABELS.wakeOnRequest.name,
      value: 'true',
      problem: 'has no effect, since SCALER_ADDRESS is not set: 0 replicas take the service away',
      expected: 'SCALER_ADDRESS with the scaler that may start it',
      kind: 'no-effect',
    },
  ];
}

type Told = Omit<Issue, 'label'> & { readonly label: Label; readonly index: number };

/** The name of a label as it was given: the one with the number, or the one that all destinations share. */
export function keyOf({ name }: Label, index: number, parameters: Parameters): string {
  return parameters[`${name}.${index}`] ? `${name}.${index}` : name;
}

function openEntryPorts(service: ProxyService, { trustedProxies }: Settings): readonly Told[] {
  if (trustedProxies) return [];
  const open = service.destinations.find(({ mode, acceptProxy }) => mode !== 'http' && acceptProxy);
  if (!open) return [];
  return [
    {
      service: service.name,
      label: PROXY_LABELS.acceptProxy,
      index: open.index,
      value: 'true',
      problem: 'lets anybody who reaches the port name any client, since TRUSTED_PROXIES is not set',
      expected: 'TRUSTED_PROXIES with the networks of the proxies in front',
    },
  ];
}

/** Labels that would close all tasks because of one, where there is one server for them. */
function singleServers(service: ProxyService, addresses: Addresses, settings: Settings): readonly Told[] {
  if (service.discovery === 'dns' || service.sessionType === 'sticky-server') return [];
  const issues: Told[] = [];
  for (const { index, mode, health, outboundHostname, serviceGroup } of service.destinations) {
    const known = addresses.get(outboundHostname ?? service.name) ?? [];
    const follows = service.checkResolvers ?? settings.checkResolvers;
    if ((known.length > 1 && !(mode === 'http' && follows)) || serviceGroup !== undefined) continue;
    const rest = {
      service: service.name,
      index,
      kind: 'no-effect' as const,
      problem:
        'has no effect: behind its virtual address the service is one server, and one bad task would close the others',
      expected: 'discoveryType=DNS, sessionType=sticky-server or endpoint_mode: dnsrr',
    };
    if (health.slowStartSeconds !== undefined)
      issues.push({ ...rest, label: PROXY_LABELS.slowStart, value: String(health.slowStartSeconds) });
    if (health.outlierErrors !== undefined && mode === 'http')
      issues.push({ ...rest, label: PROXY_LABELS.outlierErrors, value: String(health.outlierErrors) });
  }
  return issues;
}
