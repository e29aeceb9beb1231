import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import { quoteValue } from '../../values/parsed.js';
import { withoutQuotes } from '../../values/quotes.js';
import type { ParameterReader } from './parameter-reader.js';
import type { ProxyDestination, ProxyLabelDefaults } from './proxy-service.js';

type Settings = Pick<ProxyLabelDefaults, 'domainAlgo' | 'normalizePaths'>;

/** Tells of paths and domains of an http destination that no request can have, so that nobody waits for one. */
export function tellWhatCannotMatch(
  reader: ParameterReader,
  destination: ProxyDestination,
  { domainAlgo, normalizePaths = true }: Settings,
): void {
  const { index, mode, paths, pathsExcluded, pathType, pathImplied, domains } = destination;
  if (mode !== 'http') return;
  if (pathType === undefined || pathType === 'path' || pathType === 'path_beg') {
    const problemOf = (path: string) =>
      pathProblem(path) ?? (normalizePaths ? problemOfMeaning(path) : undefined);
    if (!pathImplied) tellOfPaths(reader, LABELS.servicePath, index, paths, problemOf);
    tellOfPaths(reader, LABELS.servicePathExclude, index, pathsExcluded, problemOf);
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

type ProblemOf = (path: string) => string | undefined;

function tellOfPaths(
  reader: ParameterReader,
  label: typeof LABELS.servicePath | typeof LABELS.servicePathExclude,
  index: number,
  paths: readonly string[],
  problemOf: ProblemOf,
): void {
  const wrong = paths.find((path) => problemOf(path) !== undefined);
  if (wrong === undefined) return;
  reader.warn(label, index, {
    problem: `can never match: ${quoted(wrong, paths, 'path')} ${problemOf(wrong) ?? ''}`,
    ...mendedPath(wrong, paths, problemOf),
    kind: 'never-matches',
  });
}

/** `the path "home"` among several, else `the path`. */
function quoted(one: string, all: readonly string[], what: string): string {
  return all.length === 1 ? `the ${what}` : `the ${what} ${quoteValue(one)}`;
}

const ADDRESS = /^https?:\/\/[^/]*/i;

function pathProblem(path: string): string | undefined {
  if (withoutQuotes(path) !== undefined) return 'is within quotes';
  if (ADDRESS.test(path)) return 'is an address and not a path';
  if (!path.startsWith('/')) return 'does not begin with a slash';
  if (path.includes('?')) return 'holds a question mark';
  if (path.includes('#')) return 'holds a #, which no client sends';
  if (path.includes('"')) return 'holds a quote';
  if (path.length > 1 && path.endsWith('*')) return 'ends with an asterisk';
  if (/\/\*+\//.test(path)) return 'holds an asterisk, which stands for itself';
  return /\s/.test(path) ? 'holds a blank' : undefined;
}

/** What the path that decisions look at never holds: see `NORMALIZE_PATHS`. */
function problemOfMeaning(path: string): string | undefined {
  if (path.includes('/../')) return 'holds the segment "..", which no request may have';
  if (path.includes('\\')) return 'holds a backslash, which is compared as a slash';
  if (path.includes(';')) return 'holds a semicolon, which is cut off with what follows it';
  return /\/\.?\//.test(path)
    ? 'holds an empty segment, which no request has when it is compared'
    : undefined;
}

function mendedPath(
  wrong: string,
  paths: readonly string[],
  problemOf: ProblemOf,
): { readonly expected: string; readonly suggestion?: string } {
  const expected = 'a path that begins with a slash';
  if (wrong.startsWith('^')) return { expected: `${expected}, or pathType=path_reg` };
  const all = paths.map(mended);
  const right = mended(wrong);
  if (all.some((path) => problemOf(path) !== undefined))
    return { expected: problemOf(right) === undefined ? right : expected };
  return { expected: right, suggestion: all.join(',') };
}

/** The path that was probably meant; one that is fine stays as it is. */
function mended(path: string): string {
  const plain = (withoutQuotes(path) ?? path).replace(ADDRESS, '');
  const rooted = plain.startsWith('/') ? plain : `/${plain}`;
  const single = rooted.replaceAll('\\', '/').replace(/(?:\/\.?)+\//g, '/');
  return single.length > 1 && single.endsWith('*') ? single.slice(0, single.search(/\.?\*+$/)) : single;
}
