import { acl } from '../model/acl.js';
import { line, type Line } from '../model/directives.js';
import type { TrustedProxies } from '../model/settings.js';

const TRUSTED = 'df_trusted_proxy';
const HOP = 'txn.df_hop';
/** What a proxy in front tells, and nobody else may. */
const FORWARDED = ['X-Forwarded-Proto', 'X-Forwarded-Host', 'X-Forwarded-Port'];

/** `[2001:db8::1]:443` and `[2001:db8::1]`; HAProxy's own `hdr_ip` understands the second one only. */
const WITHOUT_BRACKETS = 'regsub("^\\\\[([^]]*)](:[0-9]+)?$","\\\\1")';
const WITHOUT_PORT = 'regsub("^([0-9.]+):[0-9]+$","\\\\1")';

/**
 * Who the client is, for every rule behind these: found from the right of `X-Forwarded-For`, as long as the address at
 * hand is that of a trusted proxy. Without trusted proxies the peer is the client, and the header grows by it.
 */
export function clientLines(trusted: TrustedProxies | undefined): readonly Line[] {
  if (!trusted) return [line('option', 'forwardfor')];
  return [
    ...acl(TRUSTED, 'src', trusted.networks),
    ...FORWARDED.map((header) => line('http-request', 'del-header', header, 'unless', TRUSTED)),
    ...Array.from({ length: trusted.depth }, (_, i) => hop(i + 1)).flat(),
    line('http-request', 'set-header', 'X-Forwarded-For', '%[src]'),
    line('http-request', 'set-header', 'X-Real-IP', '%[src]'),
  ];
}

/** One address further to the left, if the last step led to a proxy that is trusted. What is no address ends it. */
function hop(n: number): readonly Line[] {
  const address = `req.hdr(X-Forwarded-For,-${n}),${WITHOUT_BRACKETS},${WITHOUT_PORT}`;
  return [
    line(
      ...['http-request', `set-var(${HOP})`, `int(${n})`, 'if', TRUSTED],
      ...(n === 1 ? [] : ['{', `var(${HOP})`, '-m', 'int', String(n - 1), '}']),
      ...['{', address, '-m', 'ip', '0.0.0.0/0', '::/0', '}'],
    ),
    line('http-request', 'set-src', address, 'if', '{', `var(${HOP})`, '-m', 'int', String(n), '}'),
  ];
}

/** How a service hears of https. A trusted proxy may have said so already, and then its word stays alone. */
export function forwardedProtoLine(trusted: TrustedProxies | undefined): Line {
  if (!trusted)
    return line('http-request', 'add-header', 'X-Forwarded-Proto', 'https', 'if', '{', 'ssl_fc', '}');
  return line(
    ...['http-request', 'set-header', 'X-Forwarded-Proto', 'https', 'if', '{', 'ssl_fc', '}'],
    ...['!{', 'req.hdr(X-Forwarded-Proto)', '-m', 'found', '}'],
  );
}

/** The binding of an entry port whose clients come through other proxies, and who of them is believed. */
export function acceptProxyLines(
  port: number,
  accepts: boolean,
  trusted: TrustedProxies | undefined,
): readonly Line[] {
  if (!accepts) return [line('bind', `*:${port}`)];
  if (!trusted) return [line('bind', `*:${port}`, 'accept-proxy')];
  return [
    line('bind', `*:${port}`),
    ...acl(TRUSTED, 'src', trusted.networks),
    line('tcp-request', 'connection', 'expect-proxy', 'layer4', 'if', TRUSTED),
  ];
}
