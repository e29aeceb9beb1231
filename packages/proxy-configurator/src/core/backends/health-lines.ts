import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { splitDomains } from '../model/acl.js';
import { line, type Line } from '../model/directives.js';

/** What checks of an http backend ask for; nothing: they connect only. */
export function httpCheckLines(service: ProxyService, destination: ProxyDestination): readonly Line[] {
  const { health } = destination;
  if (health.path === undefined) return [];
  return [
    line('option', 'httpchk'),
    line(
      ...['http-check', 'send', 'meth', 'GET', 'uri', health.path],
      ...['ver', 'HTTP/1.1', 'hdr', 'Host', checkHost(service, destination)],
    ),
    line('http-check', 'expect', 'status', '200-399'),
  ];
}

/** The host that checks ask for. */
export function checkHost(service: ProxyService, { domains }: ProxyDestination): string {
  return splitDomains(domains).plain[0] ?? service.name;
}

/** What is tried again, how often and where. A task that stops may close a connection just when a request is on its way to it. */
export function httpRetryLines({ health }: ProxyDestination): readonly Line[] {
  const { retries, retryOn } = health;
  return [
    line('retry-on', ...(retryOn ?? ['conn-failure', 'empty-response'])),
    ...retriesLine(retries),
    ...(retryOn === undefined ? [] : [line('option', 'redispatch', '1')]),
  ];
}

export function retriesLine(retries: number | undefined): readonly Line[] {
  return retries === undefined ? [] : [line('retries', String(retries))];
}
