import { messageOf } from '@docker-flow/daemon/errors';
import { PROXY_LABELS, formatIssue, type Issue, type ProxyService } from '@docker-flow/labels';
import { isAddress } from '../core/backends/servers.js';
import { rawLabels } from '../core/model/raw-labels.js';
import { hostsOf, needsTasks, tasksName, type RoutedService } from '../core/model/routed-service.js';
import type { Rejection, ServiceRequest, ServiceVersion } from '../core/model/service-version.js';
import { authHostsOf } from '../core/backends/auth-servers.js';
import { canBeAwaited } from '../core/changes/awaited-backends.js';
import type { Capabilities, Settings } from '../core/model/settings.js';
import type { AddressCache } from '../ports.js';
import { wakingOf } from '../core/waking/sleepers.js';
import { findForbiddenHost, type HostRules } from './addresses/forbidden-hosts.js';
import { resolveUsers } from './service-users.js';
import { keyOf, warningsHere } from './warnings-here.js';
import { serviceTemplateData } from './template-data.js';

export interface PrepareServiceDeps {
  /** Looks where the proxy itself is reached, for the rules of hosts. */
  readonly refreshOwnAddresses: () => Promise<void>;
  readonly addresses: AddressCache;
  /** Content of a Swarm secret by name; `undefined` when there is none. */
  readonly readSecret: (name: string) => Promise<string | undefined>;
  /** Renders the template in a file. */
  readonly renderTemplate: (file: string, data: unknown) => Promise<string>;
  /** Looks at a certificate that came with a service. @throws {InvalidRequestError} when it is none */
  readonly checkCertificate: (pem: string) => unknown;
}

export interface PrepareServiceOptions {
  readonly settings: Settings;
  /** `SKIP_ADDRESS_VALIDATION=false` */
  readonly validateAddress: boolean;
  readonly capabilities: Pick<Capabilities, 'lua'>;
  /** Whether labels may hold raw configuration. */
  readonly allowRaw: boolean;
  /** Where requests may be sent. */
  readonly hosts: HostRules;
}

export type PreparedService =
  | { readonly ok: true; readonly version: ServiceVersion }
  | {
      readonly ok: false;
      readonly rejection: Rejection;
      /** Where nothing but an address is missing: what can be made ready for it. */
      readonly awaited?: ServiceVersion | undefined;
    };

/** Looks up everything the labels of a service refer to. */
export async function prepareService(
  request: ServiceRequest,
  deps: PrepareServiceDeps,
  options: PrepareServiceOptions,
): Promise<PreparedService> {
  const { service, refusal, warnings } = request;
  if (refusal) {
    // A misspelt or unreadable label is often the reason why another one is missing.
    const message = [refusal.message, ...warnings.map(formatIssue)].join('; ');
    return rejected('labels', refusal.status, message);
  }
  const rawLabel = options.allowRaw ? undefined : rawLabels(service)[0];
  if (rawLabel !== undefined) {
    const problem = `label ${rawLabel} holds raw configuration, which the operator does not allow`;
    return rejected('labels', 400, `service ${service.name}: ${problem}`);
  }
  if (!options.capabilities.lua && authHostsOf(service).length > 0) {
    const problem = 'cannot be kept: this HAProxy was built without Lua';
    return rejected('labels', 400, `service ${service.name}: label authUrl ${problem}`);
  }
  if (!options.capabilities.lua && wakingOf(service, options.settings)) {
    const problem = 'cannot be kept: this HAProxy was built without Lua';
    return rejected('labels', 400, `service ${service.name}: label wakeOnRequest ${problem}`);
  }
  if (!options.hosts.allowLoopback) await deps.refreshOwnAddresses();
  const { looked, unresolved } = await lookUpAddresses(service, deps.addresses, options);
  const forbidden = findForbiddenHost(service, (host) => looked.get(host) ?? [], options.hosts);
  if (forbidden) return rejected('labels', 400, formatIssue(forbidden));
  if (!unresolved) return completed(request, deps, options);
  const { kind, message } = unresolved;
  const rejection: Rejection = { kind, status: 500, message };
  // Only names of this kind are asked for again.
  if (kind !== 'unresolved') return { ok: false, rejection };
  const otherwise = await completed(request, deps, options);
  const awaited =
    otherwise.ok && canBeAwaited(otherwise.version.routed, options.settings) ? otherwise.version : undefined;
  return { ok: false, rejection, awaited };
}

/** What does not depend on addresses. */
async function completed(
  { parameters, service, warnings }: ServiceRequest,
  deps: PrepareServiceDeps,
  options: PrepareServiceOptions,
): Promise<PreparedService> {
  const missingCa = await findMissingCa({ service, parameters }, deps);
  if (missingCa) return rejected('labels', 400, formatIssue(missingCa));
  if (service.certificate !== undefined) {
    try {
      deps.checkCertificate(service.certificate);
    } catch (error) {
      return rejected('certificate', 400, `service ${service.name}: label serviceCert ${messageOf(error)}`);
    }
  }
  try {
    const { routed, issues } = await complete(service, deps, options);
    const here = warningsHere(
      { service, parameters },
      { addresses: deps.addresses.known, settings: options.settings },
    );
    return { ok: true, version: { parameters, routed, warnings: [...warnings, ...issues, ...here] } };
  } catch (error) {
    return rejected('template', 500, `service ${service.name}: ${messageOf(error)}`);
  }
}

function rejected(kind: Rejection['kind'], status: number, message: string): PreparedService {
  return { ok: false, rejection: { kind, status, message } };
}

/** An authority that is not there is one that nobody could check a certificate against. */
async function findMissingCa(
  { service, parameters }: Pick<ServiceRequest, 'service' | 'parameters'>,
  { readSecret }: PrepareServiceDeps,
): Promise<Issue | undefined> {
  for (const { index, server } of service.destinations) {
    if (server.ca === undefined || server.ca === 'system') continue;
    if ((await readSecret(server.ca)) !== undefined) continue;
    return {
      service: service.name,
      label: keyOf(PROXY_LABELS.serverCa, index, parameters),
      value: server.ca,
      problem: 'names a secret that is not there',
      expected: 'a secret that the proxy has, or system',
    };
  }
  return undefined;
}

interface LookedUp {
  /** What each host leads to now. */
  readonly looked: ReadonlyMap<string, readonly string[]>;
  readonly unresolved: Pick<Rejection, 'kind' | 'message'> | undefined;
}

async function lookUpAddresses(
  service: ProxyService,
  addresses: AddressCache,
  { settings, validateAddress }: PrepareServiceOptions,
): Promise<LookedUp> {
  const hosts = hostsOf(service).filter((host) => !isAddress(host));
  // A service is there before its auth server is, and closed until then; or before the scaler that starts it.
  const { scaler } = settings;
  const asked = [...authHostsOf(service), ...(scaler && wakingOf(service, settings) ? [scaler.host] : [])];
  const neighbours = Promise.all(asked.flatMap((host) => (isAddress(host) ? [] : [addresses.lookup(host)])));
  const tasks = needsTasks(service) ? await addresses.lookup(tasksName(service.name)) : [];
  const found = await Promise.all(hosts.map(async (host) => [host, await addresses.lookup(host)] as const));
  await neighbours;
  const looked = new Map(found);
  const missing = found.filter(([, known]) => known.length === 0).map(([host]) => host);
  const first = service.destinations[0]?.outboundHostname ?? service.name;
  // One that can wake has no address while it sleeps, nor until its first task has started: its requests wait for it.
  if (wakingOf(service, settings)) return { looked, unresolved: undefined };
  if (validateAddress && missing.includes(first)) {
    return { looked, unresolved: { kind: 'address', message: `lookup ${first}: no such host` } };
  }
  const tolerated =
    settings.toleratesUnresolved ||
    (service.checkResolvers ?? settings.checkResolvers) ||
    service.discovery === 'dns' ||
    service.templateBePath !== undefined ||
    tasks.length > 0;
  const host = missing[0];
  if (tolerated || host === undefined) return { looked, unresolved: undefined };
  const message = `service ${service.name}: could not resolve address ${host}; expected the name of a service on a network of the proxy. It is tried again until it resolves`;
  return { looked, unresolved: { kind: 'unresolved', message } };
}

async function complete(
  service: ProxyService,
  deps: PrepareServiceDeps,
  { settings }: PrepareServiceOptions,
): Promise<{ readonly routed: RoutedService; readonly issues: readonly Issue[] }> {
  const { users, issues } = await resolveUsers(service, { ...deps, globalUsers: settings.users });
  const data = serviceTemplateData(service, users);
  const render = (file: string | undefined) =>
    file === undefined ? Promise.resolve(undefined) : deps.renderTemplate(file, data);
  const [frontendSnippet, backendSnippet] = await Promise.all([
    render(service.templateFePath),
    render(service.templateBePath),
  ]);
  return { routed: { service, users, frontendSnippet, backendSnippet }, issues };
}

/** One line about each label that was read as if it were absent. */
export function describeWarnings(warnings: readonly Issue[]): string {
  return warnings.map(formatIssue).join('; ');
}
