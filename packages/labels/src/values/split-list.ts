/**
 * Cuts a list at its separators, but not inside of "quotes", 'quotes', `%[…]`, `(…)` and `{m,n}`, which hold values
 * with commas of their own: header values, HAProxy's expressions, regular expressions, PromQL. Items are as written.
 *
 * - Quotes come first; a backslash makes the sign behind it an ordinary character, also in double quotes.
 * - A single quote behind a letter or digit is an apostrophe.
 * - Parentheses and `%[…]` may be nested. A sign without its partner is an ordinary character.
 * - Of braces only the counts of regular expressions hold a list together: `{2,}`, `{1,3}`.
 *
 * The time it takes grows with the length of the text alone. An empty separator cuts nothing.
 */
export function splitList(text: string, separator = ','): readonly string[] {
  if (separator === '' || !text.includes(separator)) return [text];
  const groupEnds = endsOfGroups(text);
  const items: string[] = [];
  let start = 0;
  let i = 0;
  while (i < text.length) {
    const end = groupEnds.get(i);
    if (end !== undefined) i = end;
    else if (text.startsWith(separator, i)) {
      items.push(text.slice(start, i));
      i += separator.length;
      start = i;
    } else i += 1;
  }
  items.push(text.slice(start));
  return items;
}

type Opener = '(' | '%[';

interface OpenGroup {
  readonly opener: Opener;
  readonly at: number;
}

const COUNT = /\{[0-9]*,[0-9]*\}/y;
const SIGNS = new Set(['\\', '"', "'", '(', ')', '[', ']', '{', '%']);

/** Where each group that begins at a position ends: the position behind its last sign. */
function endsOfGroups(text: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: OpenGroup[] = [];
  const openCounts = { '(': 0, '%[': 0 };
  const findQuote = quoteFinder(text);

  function close(opener: Opener, end: number): void {
    if (openCounts[opener] === 0) return;
    for (;;) {
      const last = open.pop();
      if (!last) return;
      openCounts[last.opener] -= 1;
      // What was opened in between and never closed is an ordinary character.
      if (last.opener !== opener) continue;
      ends.set(last.at, end);
      return;
    }
  }

  for (let i = 0; i < text.length;) {
    const char = text[i] ?? '';
    const end = char === '"' || char === "'" ? findQuote(char, i) : undefined;
    if (end !== undefined) {
      ends.set(i, end);
      i = end;
      continue;
    }
    if (char === '(' || (char === '%' && text[i + 1] === '[')) {
      const opener = char === '(' ? '(' : '%[';
      open.push({ opener, at: i });
      openCounts[opener] += 1;
      i += opener.length;
      continue;
    }
    if (char === ')') close('(', i + 1);
    else if (char === ']') close('%[', i + 1);
    else if (char === '{') {
      COUNT.lastIndex = i;
      const count = COUNT.exec(text);
      if (count) ends.set(i, i + count[0].length);
    }
    i += char === '\\' && SIGNS.has(text[i + 1] ?? '') ? 2 : 1;
  }
  return ends;
}

/** Finds the position behind the quote that closes the one at `at`; `undefined` when that one is an ordinary character. */
function quoteFinder(text: string): (quote: '"' | "'", at: number) => number | undefined {
  /** From here on there is no closing quote: asked for once, so that many open ones take no time. */
  const noneFrom = { '"': Infinity, "'": Infinity };
  return (quote, at) => {
    if (quote === "'" && /[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return undefined;
    if (at >= noneFrom[quote]) return undefined;
    for (let i = at + 1; i < text.length; i += 1) {
      if (text[i] === '\\' && quote === '"') i += 1;
      else if (text[i] === quote) return i + 1;
    }
    noneFrom[quote] = at;
    return undefined;
  };
}
