import { line, type Line } from '../model/directives.js';
import { normalizeExpression, normalizePattern } from './normalize-path.js';

/** The path that routes, exclusions and limits look at. The service gets the path as it was sent. */
export const DECISION_PATH = 'txn.df_path';

/** The same with the query, and with the host in front, for `pathType=url` and `base`. */
const WITH_QUERY = 'txn.df_path_query';
const WITH_HOST = 'txn.df_host_path';

/** Each converter is one step of `normalizePath`. */
const NORMAL_PATH = [
  'path',
  'url_dec',
  String.raw`regsub("\\\\","/",g)`,
  'regsub(";[^/]*","",g)',
  String.raw`regsub("(/+\\.)*/+","/",g)`,
  String.raw`regsub("/\\.$","/")`,
].join(',');

/** A path without any of these is its own path for decisions. */
const MAY_MEAN_ANOTHER = ['%', '\\', ';', '//', '/.'];
/** Stands for a path that cannot be known: it is refused. */
const REFUSED = '/..';
/** The acl of paths that are refused. Its definitions are tried in their order; the second sets the path for decisions. */
const AMBIGUOUS = 'df_ambiguous_path';

/**
 * Sets the path for decisions. With `normalize`, what could mean different things to us and to a service gets 400: a
 * `..` segment, `%` without two digits (`url_dec` answers nothing then, and every negated condition would hold), and
 * `%00`. HAProxy's regular expressions give up on a path of thousands of `/.`, so what they have left gets 400, too.
 *
 * Most paths mean what they say, and pay for a search only, in the one condition that also keeps them: each further rule
 * or regular expression would cost every request 1 to 3 %.
 */
export function decisionPath({ normalize }: { readonly normalize: boolean }): readonly Line[] {
  if (!normalize) return [keepPath()];
  return [
    line('acl', AMBIGUOUS, 'path', '-m', 'sub', '%00'),
    line('acl', AMBIGUOUS, `${NORMAL_PATH},set-var(${DECISION_PATH})`, '-m', 'sub', '/../', '/./', '//'),
    line('acl', AMBIGUOUS, `var(${DECISION_PATH})`, '-m', 'end', REFUSED),
    refuseAmbiguous(),
  ];
}

/** The same again, after rules that may have changed the path. */
export function decisionPathAgain({ normalize }: { readonly normalize: boolean }): readonly Line[] {
  return [line('http-request', `unset-var(${DECISION_PATH})`), normalize ? refuseAmbiguous() : keepPath()];
}

function keepPath(): Line {
  return setVariable(DECISION_PATH, 'path');
}

/** A path that may mean another is refused unless the acl finds out which. */
function refuseAmbiguous(): Line {
  return line(
    ...['http-request', 'deny', 'deny_status', '400', 'if'],
    ...['{', `path,set-var(${DECISION_PATH})`, '-m', 'sub', ...MAY_MEAN_ANOTHER, '}'],
    ...['{', `str(${REFUSED}),set-var(${DECISION_PATH})`, '-m', 'found', '}', AMBIGUOUS],
  );
}

/** Sets what comparisons of `url`, `pathq` and `base` look at; nothing when no destination uses them. */
export function decisionPathWithMore(pathTypes: Iterable<string>): readonly Line[] {
  const sources = new Set([...pathTypes].map((type) => parsePathType(type)?.source));
  return [
    ...(sources.has('pathq') || sources.has('url')
      ? [
          setVariable(WITH_QUERY, `var(${DECISION_PATH})`),
          line(
            ...['http-request', 'set-var-fmt(txn.df_path_query)', `%[var(${DECISION_PATH})]?%[query]`, 'if'],
            ...['{', 'query', '-m', 'found', '}'],
          ),
        ]
      : []),
    ...(sources.has('base') ? [setVariable(WITH_HOST, `req.hdr(host),concat(,${DECISION_PATH})`)] : []),
  ];
}

function setVariable(name: string, expression: string): Line {
  return line('http-request', `set-var(${name})`, expression);
}

type PathSource = 'path' | 'pathq' | 'url' | 'base';

interface PathType {
  readonly source: PathSource;
  /** `beg`, `reg` …; `str` when nothing is said. */
  readonly method: string;
  readonly flags: readonly string[];
}

const VARIABLES: Readonly<Record<PathSource, string>> = {
  path: DECISION_PATH,
  pathq: WITH_QUERY,
  url: WITH_QUERY,
  base: WITH_HOST,
};

/** `path_beg -i` in its parts; the last `-m` wins over the end of the name, as in HAProxy. */
export function parsePathType(pathType: string): PathType | undefined {
  const [word = '', ...flags] = pathType.split(' ').filter(Boolean);
  const [, source, suffix] = /^(pathq|path|url|base)(?:_([a-z]+))?$/.exec(word) ?? [];
  if (source === undefined) return undefined;
  const method = flags.includes('-m') ? flags[flags.lastIndexOf('-m') + 1] : suffix;
  return {
    source: source as PathSource,
    method: method ?? 'str',
    flags: flags.includes('-i') ? ['-i'] : [],
  };
}

/** The fetch with flags that compares as a `pathType` says, but looks at the path for decisions. */
export function pathFetch(pathType: string): string {
  const type = parsePathType(pathType);
  if (!type) return pathType;
  return [`var(${VARIABLES[type.source]})`, ...type.flags, '-m', type.method].join(' ');
}

/** Paths of labels as they are compared. */
export function pathPatterns(
  patterns: readonly string[],
  pathType: string,
  { normalize }: { readonly normalize: boolean },
): readonly string[] {
  const method = parsePathType(pathType)?.method;
  if (!normalize || method === undefined || method === 'len') return patterns;
  const normal = method === 'reg' ? normalizeExpression : normalizePatternOf;
  return [...new Set(patterns.map(normal))];
}

/** What stands behind a `?` is a query and compared as it is. */
function normalizePatternOf(pattern: string): string {
  const query = pattern.indexOf('?');
  return query < 0
    ? normalizePattern(pattern)
    : normalizePattern(pattern.slice(0, query)) + pattern.slice(query);
}
