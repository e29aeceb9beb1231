import type { ProxyDestination, ProxyService } from '@docker-flow/labels';
import { line, type Line } from './directives.js';

/** Patterns on one line: HAProxy takes at most 64 words a line. */
const PATTERNS_PER_LINE = 40;

/**
 * `acl <name> <fetch> -- <patterns>`, several lines of one name when there are many patterns: lines of one
 * name are alternatives. `--` ends the flags, so a pattern such as `-f` is only a pattern.
 */
export function acl(name: string, fetch: string, patterns: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < patterns.length; at += PATTERNS_PER_LINE) {
    const some = patterns.slice(at, at + PATTERNS_PER_LINE);
    lines.push(line('acl', name, ...fetch.split(' ').filter(Boolean), '--', ...some));
  }
  return lines;
}

/** The Host header without its port. Every colon of an IPv6 address but the last would be cut, too. */
const HOST_WITHOUT_PORT = 'req.hdr(host),field(1,:),rtrim(.)';

/** The Host header without the dot of the root, which names the same host. */
export const WITHOUT_ROOT_DOT = String.raw`regsub("\\.(:[0-9]+)?$","\\1")`;

export interface DomainPatterns {
  readonly plain: readonly string[];
  /** `*.acme.com` as `.acme.com` */
  readonly suffixes: readonly string[];
}

export function splitDomains(domains: readonly string[]): DomainPatterns {
  return {
    plain: domains.filter((domain) => !domain.startsWith('*')),
    suffixes: domains.filter((domain) => domain.startsWith('*')).map((domain) => domain.slice(1)),
  };
}

/**
 * The domains of a destination against the Host header. Each value stands for itself: a wildcard is a
 * suffix of the host, with or without port, whatever the algorithm says about the others.
 */
export function domainAcl(name: string, domains: readonly string[], algo: string): readonly Line[] {
  const { plain, suffixes } = splitDomains(domains);
  return [
    ...acl(name, withIgnoreCase(algo), plain),
    ...withoutRootDot(name, algo, plain),
    ...suffixAcl(name, suffixes),
  ];
}

/** What compares the end of a name has to do without the dot; a beginning does not mind. */
function withoutRootDot(name: string, algo: string, domains: readonly string[]): readonly Line[] {
  const [, method = 'str'] = /^(?:req\.)?f?hdr(?:_([a-z]+))?\(host\)(?: +-i)?$/i.exec(algo) ?? [];
  const isExact = ['hdr(host)', 'req.hdr(host)'].includes(algo.replace(/ +-i$/, ''));
  if (!isExact && !['end', 'reg'].includes(method)) return [];
  return acl(name, `req.hdr(host),${WITHOUT_ROOT_DOT} -i -m ${method}`, domains);
}

export function suffixAcl(name: string, suffixes: readonly string[]): readonly Line[] {
  return [
    ...acl(name, 'req.hdr(host) -i -m end', suffixes),
    ...acl(name, `${HOST_WITHOUT_PORT} -i -m end`, suffixes),
  ];
}

/** One host, with or without port. */
export function hostAcl(name: string, host: string): readonly Line[] {
  return [
    ...acl(name, 'req.hdr(host) -i -m str', [host]),
    ...acl(name, `${HOST_WITHOUT_PORT} -i -m str`, [host]),
  ];
}

/** The algorithm, always comparing without regard to case. */
export function withIgnoreCase(algo: string): string {
  return / -i\b/.test(algo) ? algo : algo.replace(/^(\S+)/, '$1 -i');
}

/** The algorithm of a service's domains. */
export function domainAlgoOf(service: ProxyService, fallback: string): string {
  return service.domainAlgo ?? fallback;
}

/** The fetch that compares paths. */
export function pathTypeOf(destination: ProxyDestination): string {
  return destination.pathType ?? 'path_beg';
}
