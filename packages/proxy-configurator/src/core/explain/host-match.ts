import { splitDomains } from '../model/acl.js';
import { comparisonOf, matchesAny, type Verdict } from './pattern-match.js';

const HOST = /^(?:req\.)?f?hdr(?:_[a-z]+)?\(host\)(?= |$)/i;
const SUFFIX = { method: 'end', ignoresCase: true } as const;

/**
 * Whether a host, with or without its port, is one of the domains of a destination.
 *
 * @param algo how plain domains are compared; a wildcard is always a suffix
 */
export function matchesDomains(host: string, domains: readonly string[], algo: string): Verdict {
  const { plain, suffixes } = splitDomains(domains);
  const ofSuffixes =
    matchesAny(host, suffixes, SUFFIX) === true ||
    matchesAny(host.split(':')[0] ?? '', suffixes, SUFFIX) === true;
  if (ofSuffixes || plain.length === 0) return ofSuffixes;
  return HOST.test(algo) ? matchesAny(host, plain, comparisonOf(algo)) : undefined;
}
