import type { ProxyDestination } from '@docker-flow/labels';
import { tcpClientLimits } from './client-limits.js';
import { retriesLine } from './health-lines.js';
import { backendExtra, timeouts } from './http-backend.js';
import { line, type Section } from '../model/directives.js';
import type { RoutedService } from '../model/routed-service.js';
import { tcpServers, type ServerContext } from './servers.js';

/** The backend of one tcp or sni destination. */
export function tcpBackend(
  { service }: RoutedService,
  destination: ProxyDestination,
  { name, port }: { readonly name: string; readonly port: number },
  context: ServerContext,
): Section {
  return {
    keyword: 'backend',
    name,
    owner: service.name,
    lines: [
      line('mode', 'tcp'),
      ...(context.settings.debug.on ? [line('log', 'global')] : []),
      ...tcpClientLimits(destination),
      ...(destination.checkTcp ? [line('option', 'tcp-check')] : []),
      ...retriesLine(destination.health.retries),
      ...timeouts(destination),
      ...tcpServers({ service, destination, port, backend: name }, context),
      ...backendExtra(service.backendExtra),
    ],
  };
}
