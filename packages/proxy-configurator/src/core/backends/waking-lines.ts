import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { line, type Line } from '../model/directives.js';
import { scalerAuthority, wakingOf } from '../waking/sleepers.js';
import { checkHost } from './health-lines.js';
import type { ServerContext } from './servers.js';

interface Sleeper {
  readonly service: ProxyService;
  readonly destination: ProxyDestination;
  readonly backend: string;
  /** The backend through which its check is asked. */
  readonly probeBackend: string | undefined;
}

/** Holds a request until a service that sleeps takes it. Comes after every rule that may refuse one. */
export function wakingLines(
  { service, destination, backend, probeBackend }: Sleeper,
  { settings, replicasFile }: ServerContext,
): readonly Line[] {
  const waking = wakingOf(service, settings);
  const { scaler, paths } = settings;
  if (!waking || !scaler) return [];
  const { path } = destination.health;
  const isChecked = path !== undefined && probeBackend !== undefined;
  // In the order of `df_wake` in the script; `-` stands for nothing.
  const words = [
    service.name,
    backend,
    String(waking.waitSeconds),
    String(waking.pageSeconds),
    String(waking.replicas),
    String(settings.maxWaiting),
    scalerAuthority(scaler),
    scaler.path === '' ? '-' : scaler.path,
    paths.wakeSocket,
    replicasFile,
    ...(isChecked ? [probeBackend, path, checkHost(service, destination)] : ['-', '-', '-']),
  ];
  return [
    line('http-request', 'set-var(txn.df_replicas)', `str(${service.name}),map_str_int(${replicasFile},1)`),
    line('http-request', 'lua.df_wake', ...words),
  ];
}
