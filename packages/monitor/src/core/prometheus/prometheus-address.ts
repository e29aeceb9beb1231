import { flagValue, type Flag } from './flags.js';

/**
 * Where the pages of our own Prometheus are, without a slash at the end: the address it listens on, below
 * `--web.route-prefix` or the path of `--web.external-url`.
 */
export function prometheusUrl(flags: readonly Flag[]): string {
  const [, host = '', port = '9090'] =
    /^(.*):([0-9]+)$/.exec(flagValue(flags, 'web.listen-address') ?? '') ?? [];
  const reachable = ['', '0.0.0.0', '[::]', '::'].includes(host) ? '127.0.0.1' : host;
  return `http://${reachable}:${port}${routePrefix(flags)}`;
}

function routePrefix(flags: readonly Flag[]): string {
  const given = flagValue(flags, 'web.route-prefix') ?? pathOf(flagValue(flags, 'web.external-url') ?? '');
  const path = given.replace(/^\/+|\/+$/g, '');
  return path === '' ? '' : `/${path}`;
}

function pathOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url)?.[1] ?? '';
}
