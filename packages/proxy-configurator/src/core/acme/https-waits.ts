import { acl } from '../model/acl.js';
import { line, type Line } from '../model/directives.js';

const HOST = 'req.hdr(host),field(1,:),lower';
/** One level below an asterisk, as a certificate covers it: `a.acme.com` is `*.acme.com`. */
const WILDCARD = `${HOST},regsub(^[^.]*,*)`;

/** A redirect to https that waits until the host has a certificate. */
export interface WaitingRedirect {
  /** Names that the service asks a certificate for. */
  readonly names: readonly string[];
  /** Path of the table of names that have a valid certificate. It changes while HAProxy runs. */
  readonly certified: string;
  /** Makes the names of the acls unique within their section. */
  readonly key?: string;
  /** The rule up to its condition. */
  readonly rule: readonly string[];
  readonly condition: readonly string[];
}

/**
 * The rule, which to a host among `names` applies only while the table has it: who cannot be served over https yet is
 * served over http, and a lost certificate locks nobody out. All other hosts are redirected as ever.
 */
export function waitingRedirect({
  names,
  certified,
  key = '',
  rule,
  condition,
}: WaitingRedirect): readonly Line[] {
  if (names.length === 0) return [line(...rule, 'if', ...condition)];
  const suffix = key === '' ? '' : `_${key}`;
  const asked = `acme_asked${suffix}`;
  const covered = `acme_certified${suffix}`;
  return [
    ...acl(
      asked,
      `${HOST} -m str`,
      names.filter((name) => !name.startsWith('*')),
    ),
    ...acl(
      asked,
      `${WILDCARD} -m str`,
      names.filter((name) => name.startsWith('*')),
    ),
    ...[HOST, WILDCARD].map((fetch) => line('acl', covered, `${fetch},map_str(${certified})`, '-m', 'found')),
    line(...rule, 'if', ...condition, `!${asked}`, '||', ...condition, covered),
  ];
}
