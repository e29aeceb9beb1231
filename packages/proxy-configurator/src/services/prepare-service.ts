import {
  formatIssue,
  parseProxyLabels,
  readUserEntries,
  type Parameters,
  type ProxyService,
} from '@docker-flow/labels';
import { messageOf } from '@docker-flow/daemon/errors';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { AddressBook } from './address-book.js';
import { LOCKED } from '../core/backends/authentication.js';
import { hostsOf, needsTasks, tasksName, type RoutedService } from '../core/model/routed-service.js';
import { isAddress } from '../core/backends/servers.js';
import type { Settings, User } from '../core/model/settings.js';
import { serviceTemplateData } from '../api/service-json.js';
import type { Rejection, ServiceVersion } from './service-registry.js';

/** What preparing a service asks of the outside. */
export interface Preparing {
  readonly settings: Settings;
  readonly addresses: AddressBook;
  /** Content of a Swarm secret by name; `undefined` when there is none. */
  readonly readSecret: (name: string) => Promise<string | undefined>;
  /** Renders the template in a file. */
  readonly renderTemplate: (file: string, data: unknown) => Promise<string>;
  /** Stores a certificate that came with a service. @throws {InvalidRequestError} when it is none */
  readonly storeCertificate: (name: string, pem: string) => Promise<void>;
  /** `SKIP_ADDRESS_VALIDATION=false` */
  readonly validateAddress: boolean;
  /** Whether labels may hold raw configuration. */
  readonly allowRaw: boolean;
  readonly logger: Logger;
}

export type Prepared =
  | { readonly ok: true; readonly version: ServiceVersion }
  | { readonly ok: false; readonly rejection: Rejection; readonly service: ProxyService };

/** Reads the parameters of a service and looks up everything they refer to. */
export async function prepareService(parameters: Parameters, parts: Preparing): Promise<Prepared> {
  const { service, refusal, warnings } = parseProxyLabels(parameters, parts.settings.labels);
  const refuse = (kind: Rejection['kind'], status: number, message: string): Prepared => ({
    ok: false,
    rejection: { kind, status, message },
    service,
  });
  if (refusal) return refuse('labels', refusal.status, refusal.message);
  const rawLabel = parts.allowRaw ? undefined : firstRawLabel(service);
  if (rawLabel !== undefined) {
    return refuse(
      'labels',
      400,
      `service ${service.name}: label ${rawLabel} holds raw configuration, which the operator does not allow`,
    );
  }
  const unresolved = await lookUp(service, parts);
  if (unresolved) return refuse(unresolved.kind, 500, unresolved.message);
  if (service.certificate !== undefined) {
    try {
      await parts.storeCertificate(certificateName(service), service.certificate);
    } catch (error) {
      return refuse('certificate', 400, `service ${service.name}: label serviceCert ${messageOf(error)}`);
    }
  }
  try {
    const routed = await complete(service, parts);
    return { ok: true, version: { parameters, routed, warnings } };
  } catch (error) {
    return refuse('template', 500, `service ${service.name}: ${messageOf(error)}`);
  }
}

/** The name under which a certificate of a service is stored: its first domain if that can name a file. */
export function certificateName({ name, destinations }: ProxyService): string {
  const domain = destinations[0]?.domains[0];
  return domain !== undefined && /^(?:\*\.)?[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(domain) ? domain : name;
}

/** Expressions, variables of the environment and conditions; a header's plain value needs none of them. */
const RAW_HEADER = /[%{}\\$]|\s(?:if|unless)\s/;

function firstRawLabel(service: ProxyService): string | undefined {
  const { requestHeaders, responseHeaders } = service;
  if (service.backendExtra !== undefined) return 'backendExtra';
  if (service.templateFePath !== undefined) return 'templateFePath';
  if (service.templateBePath !== undefined) return 'templateBePath';
  const headers = {
    addReqHeader: requestHeaders.add,
    setReqHeader: requestHeaders.set,
    delReqHeader: requestHeaders.del,
    addResHeader: responseHeaders.add,
    setResHeader: responseHeaders.set,
    delResHeader: responseHeaders.del,
  };
  return Object.entries(headers).find(([, items]) => items.some((item) => RAW_HEADER.test(item)))?.[0];
}

async function lookUp(
  service: ProxyService,
  { settings, addresses, validateAddress }: Preparing,
): Promise<{ kind: Rejection['kind']; message: string } | undefined> {
  const hosts = hostsOf(service).filter((host) => !isAddress(host));
  const tasks = needsTasks(service) ? await addresses.lookup(tasksName(service.name)) : [];
  const found = await Promise.all(hosts.map(async (host) => [host, await addresses.lookup(host)] as const));
  const missing = found.filter(([, known]) => known.length === 0).map(([host]) => host);
  const first = service.destinations[0]?.outboundHostname ?? service.name;
  if (validateAddress && missing.includes(first)) {
    return { kind: 'address', message: `lookup ${first}: no such host` };
  }
  const tolerated =
    settings.toleratesUnresolved ||
    (service.checkResolvers ?? settings.checkResolvers) ||
    service.discovery === 'dns' ||
    service.templateBePath !== undefined ||
    tasks.length > 0;
  const host = missing[0];
  if (tolerated || host === undefined) return undefined;
  return {
    kind: 'unresolved',
    message: `service ${service.name}: could not resolve address ${host}; expected the name of a service on a network of the proxy. It is tried again until it resolves`,
  };
}

async function complete(service: ProxyService, parts: Preparing): Promise<RoutedService> {
  const users = await resolveUsers(service, parts);
  const data = serviceTemplateData(service, users);
  const render = (file: string | undefined) =>
    file === undefined ? Promise.resolve(undefined) : parts.renderTemplate(file, data);
  const [frontendSnippet, backendSnippet] = await Promise.all([
    render(service.templateFePath),
    render(service.templateBePath),
  ]);
  return { service, users, frontendSnippet, backendSnippet };
}

/**
 * The users of a service; `undefined` when it asks for none. Users without a password take it, and whether
 * it is encrypted, from the secret or the global users. When users were asked for and none is left, the
 * service stays locked.
 */
async function resolveUsers(
  { name, users, usersSecret, usersEncrypted }: ProxyService,
  { settings, readSecret, logger }: Preparing,
): Promise<readonly User[] | undefined> {
  if (users.length === 0 && usersSecret === undefined) return undefined;
  const fromSecret =
    usersSecret === undefined ? [] : await secretUsers(usersSecret, usersEncrypted, readSecret);
  const others = usersSecret === undefined ? settings.users : fromSecret;
  const found =
    users.length === 0
      ? fromSecret
      : users.flatMap<User>((user) => {
          if (user.password !== undefined)
            return [{ name: user.name, password: user.password, encrypted: usersEncrypted }];
          const known = others.find((other) => other.name.toLowerCase() === user.name.toLowerCase());
          if (!known) logger.warn('User has no password and is left out', { service: name, user: user.name });
          return known ? [{ ...known, name: user.name }] : [];
        });
  if (found.length > 0) return found;
  logger.warn('None of the users is known, the service stays locked', { service: name, usersSecret });
  return LOCKED;
}

async function secretUsers(
  secret: string,
  encrypted: boolean,
  readSecret: Preparing['readSecret'],
): Promise<readonly User[]> {
  const text = (await readSecret(`dfp_users_${secret}`)) ?? '';
  return readUserEntries(text, { nameOnly: false }).users.map(({ name, password }) => ({
    name,
    password: password ?? '',
    encrypted,
  }));
}

/** One line about each label that was read as if it were absent. */
export function describeWarnings({ warnings }: ServiceVersion): string {
  return warnings.map(formatIssue).join('; ');
}
