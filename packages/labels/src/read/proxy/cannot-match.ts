import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import { quoteValue } from '../../values/parsed.js';
import type { ParameterReader } from './parameter-reader.js';
import type { ProxyDestination } from './proxy-service.js';

/** Tells of paths and domains of an http destination that no request can have, so that nobody waits for one. */
export function tellWhatCannotMatch(
  reader: ParameterReader,
  destination: ProxyDestination,
  domainAlgo: string,
): void {
  const { index, mode, paths, pathsExcluded, pathType, pathImplied, domains } = destination;
  if (mode !== 'http') return;
  if (pathType === undefined || pathType === 'path' || pathType === 'path_beg') {
    if (!pathImplied) tellOfPaths(reader, LABELS.servicePath, index, paths);
    tellOfPaths(reader, LABELS.servicePathExclude, index, pathsExcluded);
  }
  tellOfDomains(reader, index, domains, domainAlgo);
}

function tellOfDomains(
  reader: ParameterReader,
  index: number,
  domains: readonly string[],
  domainAlgo: string,
): void {
  if (!/^hdr(?:_beg)?\(/.test(domainAlgo)) return;
  const empty = domains.find((domain) => domain.includes('..'));
  if (empty !== undefined)
    reader.warn(LABELS.serviceDomain, index, {
      problem: `can never match: ${quoted(empty, domains, 'domain')} holds two dots in a row`,
      expected: empty.replace(/\.{2,}/g, '.'),
      suggestion: domains.map((domain) => domain.replace(/\.{2,}/g, '.')).join(','),
      kind: 'never-matches',
    });
  const dotted = domains.find((domain) => domain.startsWith('.'));
  if (dotted === undefined) return;
  reader.warn(LABELS.serviceDomain, index, {
    problem: `can never match: ${quoted(dotted, domains, 'domain')} begins with a dot`,
    expected: `*${dotted}`,
    suggestion: domains.map((domain) => (domain.startsWith('.') ? `*${domain}` : domain)).join(','),
    kind: 'never-matches',
  });
}

function tellOfPaths(
  reader: ParameterReader,
  label: typeof LABELS.servicePath | typeof LABELS.servicePathExclude,
  index: number,
  paths: readonly string[],
): void {
  const wrong = paths.find((path) => pathProblem(path) !== undefined);
  if (wrong === undefined) return;
  reader.warn(label, index, {
    problem: `can never match: ${quoted(wrong, paths, 'path')} ${pathProblem(wrong) ?? ''}`,
    ...mendedPath(wrong, paths),
    kind: 'never-matches',
  });
}

/** `the path "home"` among several, else `the path`. */
function quoted(one: string, all: readonly string[], what: string): string {
  return all.length === 1 ? `the ${what}` : `the ${what} ${quoteValue(one)}`;
}

function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/')) return 'does not begin with a slash';
  if (path.includes('?')) return 'holds a question mark';
  if (path.includes('#')) return 'holds a #, which no client sends';
  if (path.includes('"')) return 'holds a quote';
  if (path.length > 1 && path.endsWith('*')) return 'ends with an asterisk';
  return /\s/.test(path) ? 'holds a blank' : undefined;
}

function mendedPath(
  wrong: string,
  paths: readonly string[],
): { readonly expected: string; readonly suggestion?: string } {
  if (wrong.startsWith('^')) return { expected: 'a path that begins with a slash, or pathType=path_reg' };
  if (/[?#\s"]/.test(wrong)) return { expected: 'a path that begins with a slash' };
  return { expected: mended(wrong), suggestion: paths.map(mended).join(',') };
}

function mended(path: string): string {
  const rooted = path.startsWith('/') ? path : `/${path}`;
  return rooted.length > 1 && rooted.endsWith('*') ? rooted.slice(0, rooted.search(/\.?\*+$/)) : rooted;
}
