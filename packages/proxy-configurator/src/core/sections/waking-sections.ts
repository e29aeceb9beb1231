import { followedServers } from '../backends/followed-host.js';
import { httpServers, type ServerContext } from '../backends/servers.js';
import { line, type Section } from '../model/directives.js';
import { ownerOfSocket } from '../model/worker-lines.js';
import type { Names } from '../model/names.js';
import type { RoutedService } from '../model/routed-service.js';
import type { Scaler } from '../model/settings.js';
import { wakingOf } from '../waking/sleepers.js';

/**
 * Through what the script asks: an inner frontend, the scaler, and the servers of services with `checkPath`, which are
 * spoken to as their requests are. Nothing where no service can wake.
 */
export function wakingSections(
  services: readonly RoutedService[],
  names: Names,
  context: ServerContext,
): readonly Section[] {
  const { scaler } = context.settings;
  const sleepers = services.filter(({ service }) => wakingOf(service, context.settings));
  if (!scaler || sleepers.length === 0) return [];
  return [
    innerFrontend(context),
    scalerBackend(scaler, context),
    ...sleepers.flatMap((one) => probeBackends(one, names, context)),
  ];
}

/** Only the script speaks to it; the header names the backend and goes no further. */
function innerFrontend({ settings }: ServerContext): Section {
  return {
    keyword: 'frontend',
    name: 'df-wake',
    lines: [
      line('bind', `unix@${settings.paths.wakeSocket}`, 'mode', '600', ...ownerOfSocket(settings)),
      line('mode', 'http'),
      line('option', 'dontlog-normal'),
      line('timeout', 'client', '15s'),
      line('use_backend', '%[req.hdr(x-df-wake)]'),
    ],
  };
}

function scalerBackend(scaler: Scaler, context: ServerContext): Section {
  const name = 'df-scaler';
  return {
    keyword: 'backend',
    name,
    lines: [
      line('mode', 'http'),
      line('timeout', 'connect', '2s'),
      line('timeout', 'server', '8s'),
      line('timeout', 'queue', '2s'),
      line('retries', '1'),
      line('http-request', 'del-header', 'x-df-wake'),
      ...followedServers({ ...scaler, backend: name, name: 'scaler' }, context),
    ],
  };
}

function probeBackends({ service }: RoutedService, names: Names, context: ServerContext): readonly Section[] {
  return service.destinations.flatMap((destination) => {
    const { mode, health, port, httpsPort } = destination;
    if (mode !== 'http' || health.path === undefined) return [];
    const found = names(service, destination);
    const of = (
      name: string | undefined,
      backend: string,
      number: number | undefined,
    ): readonly Section[] => {
      if (name === undefined || number === undefined) return [];
      const servers = httpServers({ service, destination, port: number, backend, isProbe: true }, context);
      return [
        {
          keyword: 'backend',
          name,
          owner: service.name,
          lines: [
            line('mode', 'http'),
            line('timeout', 'connect', '2s'),
            line('timeout', 'server', '2s'),
            line('timeout', 'queue', '2s'),
            line('retries', '0'),
            line('http-request', 'del-header', 'x-df-wake'),
            line('http-response', 'set-header', 'x-df-server', '%[srv_name]'),
            ...servers,
          ],
        },
      ];
    };
    return [
      ...of(found.probeBackend, found.backend, port),
      ...of(found.httpsProbeBackend, found.httpsBackend, httpsPort),
    ];
  });
}
