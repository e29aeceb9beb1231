import { formatIssue, type Issue } from '../../values/parsed.js';
import type { ProxyDestination, ProxyService, RequestMode } from './proxy-service.js';

/** Why a service is not routed: the status and message of the original where it had one. */
export interface ProxyRefusal {
  readonly status: 400 | 409;
  readonly message: string;
  readonly issues: readonly Issue[];
}

export const MISSING_NAME = 'serviceName parameter is mandatory.';
export const MISSING_PATH = 'When using reqMode http, servicePath or serviceDomain are mandatory';
export const MISSING_ENTRY_PORT =
  'When NOT using reqMode http (e.g. tcp), srcPort and port parameters are mandatory.';
/** Speaks of `MODE`, which nobody reads any more; clients may look for the text. */
export const MISSING_PORT = 'When MODE is set to "service" or "swarm", the port query is mandatory';

/** The first reason not to route a service, in the order of the original's checks. */
export function findRefusal(
  service: ProxyService,
  unreadable: readonly Issue[],
  modeWithoutDestination: RequestMode,
): ProxyRefusal | undefined {
  if (service.name === '') return refusal(400, MISSING_NAME, service, 'serviceName', unreadable);
  const unread = unreadable[0];
  if (unread) {
    return { status: 400, message: unreadable.map(formatIssue).join('; '), issues: unreadable };
  }
  const [first] = service.destinations;
  if (service.canary) {
    const missing = service.destinations.find(({ port }) => port === undefined);
    if (first && !missing) return undefined;
    return refusal(
      400,
      MISSING_PORT,
      service,
      missing && missing.index > 0 ? `port.${missing.index}` : 'port',
    );
  }
  if (!first) {
    return modeWithoutDestination === 'http'
      ? refusal(409, MISSING_PATH, service, 'servicePath')
      : refusal(400, MISSING_ENTRY_PORT, service, 'srcPort');
  }
  for (const destination of service.destinations) {
    const found = checkDestination(service, destination);
    if (found) return found;
  }
  return undefined;
}

function checkDestination(service: ProxyService, destination: ProxyDestination): ProxyRefusal | undefined {
  const { mode, index } = destination;
  const label = (name: string) => (index === 0 ? name : `${name}.${index}`);
  if (mode === 'http') {
    if (destination.paths.length === 0) return refusal(409, MISSING_PATH, service, label('servicePath'));
    if (destination.port === undefined && destination.httpsPort === undefined)
      return refusal(400, MISSING_PORT, service, label('port'));
    return undefined;
  }
  if (destination.srcPort === undefined || destination.port === undefined) {
    const missing = destination.srcPort === undefined ? 'srcPort' : 'port';
    return refusal(400, MISSING_ENTRY_PORT, service, label(missing));
  }
  if (mode === 'sni' && destination.paths.length === 0 && destination.domains.length === 0) {
    return refusal(
      409,
      'When using reqMode sni, serviceDomain or servicePath are mandatory',
      service,
      label('serviceDomain'),
    );
  }
  return undefined;
}

function refusal(
  status: 400 | 409,
  message: string,
  service: ProxyService,
  label: string,
  more: readonly Issue[] = [],
): ProxyRefusal {
  const issue = { service: service.name, label, value: '', problem: 'is missing', expected: message };
  return { status, message, issues: [issue, ...more] };
}
