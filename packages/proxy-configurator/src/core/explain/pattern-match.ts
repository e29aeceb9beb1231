/** What a comparison says; `undefined` when only HAProxy could tell. */
export type Verdict = boolean | undefined;

/** How an acl compares: method, and whether letter case counts. */
export interface Comparison {
  readonly method: 'str' | 'beg' | 'end' | 'sub' | 'dir' | 'dom' | 'reg' | 'len';
  readonly ignoresCase: boolean;
}

const METHODS = ['str', 'beg', 'end', 'sub', 'dir', 'dom', 'reg', 'len'] as const;

/** Reads the method out of a fetch with flags: `path_beg`, `hdr_dom(host) -i`, `req.ssl_sni -m end`. */
export function comparisonOf(fetch: string): Comparison {
  const word = /-m +([a-z]+)/.exec(fetch)?.[1] ?? /^[a-z._]+_([a-z]+)(?=\(| |$)/.exec(fetch)?.[1];
  return {
    method: METHODS.find((one) => one === word) ?? 'str',
    ignoresCase: / -i\b/.test(fetch),
  };
}

/** Whether a text fits one of the patterns, as HAProxy's acls compare (configuration manual 7.1). */
export function matchesAny(text: string, patterns: readonly string[], how: Comparison): Verdict {
  const verdicts = patterns.map((pattern) => matches(text, pattern, how));
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function matches(text: string, pattern: string, { method, ignoresCase }: Comparison): Verdict {
  if (method === 'reg') return matchesExpression(text, pattern, ignoresCase);
  if (method === 'len') return text.length === Number(pattern);
  const [a, b] = ignoresCase ? [text.toLowerCase(), pattern.toLowerCase()] : [text, pattern];
  switch (method) {
    case 'str':
      return a === b;
    case 'beg':
      return a.startsWith(b);
    case 'end':
      return a.endsWith(b);
    case 'sub':
      return a.includes(b);
    case 'dir':
      return holdsWord(a, b, '/');
    case 'dom':
      return holdsWord(a, b, '/.:?');
  }
}

/** HAProxy's expressions are PCRE; most mean the same here, and what is none here stays open. */
function matchesExpression(text: string, pattern: string, ignoresCase: boolean): Verdict {
  try {
    return new RegExp(pattern, ignoresCase ? 'i' : '').test(text);
  } catch {
    return undefined;
  }
}

/** Whether the pattern stands in the text with a delimiter, or an end of the text, on both sides. */
function holdsWord(text: string, pattern: string, delimiters: string): boolean {
  const isDelimiter = (sign: string) => sign === '' || delimiters.includes(sign);
  let word = pattern;
  while (word !== '' && delimiters.includes(word.charAt(0))) word = word.slice(1);
  while (word !== '' && delimiters.includes(word.charAt(word.length - 1))) word = word.slice(0, -1);
  if (word === '') return false;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (isDelimiter(text.charAt(at - 1)) && isDelimiter(text.charAt(at + word.length))) return true;
  }
  return false;
}
