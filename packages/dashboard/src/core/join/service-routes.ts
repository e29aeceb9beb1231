import { parseLabelKey, type Parameters } from '@docker-flow/labels';
import type { Pieces } from '../readings/readings.js';
import type { RouteView } from '../view/view.js';

/** Labels that let only some in. */
const LOCKS = new Set(['users', 'usersSecret', 'allowFrom', 'verifyClientSsl']);

/** Whether the service asks who somebody is before it answers. */
export function isLocked(parameters: Parameters | undefined): boolean {
  return Object.keys(parameters ?? {}).some((name) => LOCKS.has(parseLabelKey(name).name));
}

/** The routes in force, one for each domain and path. Who shadows whom is seen only beside all others. */
export function serviceRoutes(
  service: string,
  { proxy, listener }: Pieces,
): readonly Omit<RouteView, 'shadowedBy'>[] {
  const locked = isLocked(listener?.parameters);
  return (proxy?.routes ?? []).flatMap((route, i) => {
    const domains = route.domains.length === 0 ? [''] : route.domains;
    const paths = route.paths.length === 0 ? [''] : route.paths;
    const port = route.port ?? route.httpsPort;
    return domains.flatMap((domain) =>
      paths.map((path) => ({
        id: [service, i, domain, path, route.srcPort ?? ''].join('|'),
        service,
        mode: route.mode,
        domain,
        path,
        ...(route.srcPort === undefined ? {} : { port: String(route.srcPort) }),
        target: `${service}${port === undefined ? '' : `:${port}`}`,
        backend: route.backend ?? route.httpsBackend ?? '',
        locked,
      })),
    );
  });
}

/** `example.com/demo`, `:5432`, `/demo`. */
export function routeText({
  domain,
  path,
  port,
  mode,
}: Pick<RouteView, 'domain' | 'path' | 'port' | 'mode'>): string {
  const place = `${domain}${port === undefined ? '' : `:${port}`}${path}`;
  return mode === 'http' ? place || '/' : `${mode} ${place}`;
}
