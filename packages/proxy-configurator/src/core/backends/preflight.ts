import type { ProxyDestination } from '@docker-flow/labels';
import { line, type Line } from '../model/directives.js';

const PREFLIGHT = 'txn.df_preflight';

/** Marks what a browser asks before a request to another site, which can carry neither a password nor a cookie. */
export function preflightLines({ corsPreflight }: ProxyDestination): readonly Line[] {
  if (!corsPreflight) return [];
  return [
    line(
      ...['http-request', `set-var(${PREFLIGHT})`, 'bool(true)', 'if', 'METH_OPTIONS'],
      ...['{', 'req.hdr(Origin)', '-m', 'found', '}'],
      ...['{', 'req.hdr(Access-Control-Request-Method)', '-m', 'found', '}'],
    ),
  ];
}

/** Further condition of a rule that preflights pass. */
export function butNotPreflight({ corsPreflight }: ProxyDestination): readonly string[] {
  return corsPreflight ? ['!{', `var(${PREFLIGHT})`, '-m', 'bool', '}'] : [];
}
