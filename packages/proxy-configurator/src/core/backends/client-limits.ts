import type { ProxyDestination } from '@docker-flow/labels';
import { acl } from '../model/acl.js';
import { line, type Line } from '../model/directives.js';

/** The last counter: the first ones may be in use in lines of the operator's. */
const COUNTER = '2';

/**
 * Which clients a backend serves, and how often. These rules come before all others: a stranger learns nothing
 * of the service, not even that it is elsewhere, and guessing passwords is limited, too.
 *
 * @param countedIn the backend that counts, where it is another one
 */
export function httpClientLimits(destination: ProxyDestination, countedIn?: string): readonly Line[] {
  const { rateLimit } = destination;
  return [
    ...addressAcls(destination),
    ...addressRules(destination, ['http-request', 'deny']),
    ...(rateLimit === undefined
      ? []
      : [
          ...(countedIn === undefined
            ? [table(`http_req_rate(${rateLimit.periodSeconds}s)`, rateLimit.periodSeconds)]
            : []),
          line(
            ...['http-request', `track-sc${COUNTER}`, 'src'],
            ...(countedIn === undefined ? [] : ['table', countedIn]),
          ),
          line(
            ...['http-request', 'deny', 'deny_status', '429', 'if'],
            ...['{', `sc_http_req_rate(${COUNTER})`, 'gt', String(rateLimit.count), '}'],
          ),
        ]),
  ];
}

/** The same for connections whose bytes are not looked into. */
export function tcpClientLimits(destination: ProxyDestination): readonly Line[] {
  const { rateLimit } = destination;
  return [
    ...addressAcls(destination),
    ...addressRules(destination, ['tcp-request', 'content', 'reject']),
    ...(rateLimit === undefined
      ? []
      : [
          table(`conn_rate(${rateLimit.periodSeconds}s)`, rateLimit.periodSeconds),
          line('tcp-request', 'content', `track-sc${COUNTER}`, 'src'),
          line(
            ...['tcp-request', 'content', 'reject', 'if'],
            ...['{', `sc_conn_rate(${COUNTER})`, 'gt', String(rateLimit.count), '}'],
          ),
        ]),
  ];
}

function addressAcls({ allowFrom, denyFrom }: ProxyDestination): readonly Line[] {
  return [...acl('client_allowed', 'src', allowFrom), ...acl('client_denied', 'src', denyFrom)];
}

function addressRules({ allowFrom, denyFrom }: ProxyDestination, deny: readonly string[]): readonly Line[] {
  return [
    ...(denyFrom.length > 0 ? [line(...deny, 'if', 'client_denied')] : []),
    ...(allowFrom.length > 0 ? [line(...deny, 'unless', 'client_allowed')] : []),
  ];
}

/** Addresses of both families; an entry goes when its client has been quiet for the whole time. */
function table(stored: string, expireSeconds: number): Line {
  return line(
    ...['stick-table', 'type', 'ipv6', 'size', '100k', 'expire', `${expireSeconds}s`, 'store', stored],
  );
}
