import { parsed, unreadable, type Parsed } from '../../../values/parsed.js';
import type { LabelType } from '../label-type.js';
import { CONTROLS, readOneLine } from '../pattern.js';

/** One replacement in the path: the first match of a regular expression, or all with `g`; `i` ignores case. */
export interface PathRewrite {
  readonly search: string;
  readonly replace: string;
  readonly flags: string;
}

const EXPECTED =
  'search,replace or search,replace,flags, several joined by a colon, \\, and \\: for the signs themselves';

const ESCAPED = `\\\\[^${CONTROLS}]`;
const SIGN = `(?:${ESCAPED}|[^,:\\\\${CONTROLS}])`;
const FIRST_SIGN = `(?:${ESCAPED}|[^\\s,:\\\\${CONTROLS}])`;
/** A backslash that ends the whole text stands for itself. */
const LAST = '(?:,[gi]*|\\\\)?';

/** Replacements in the path, see {@link readPathRewrites}. */
export const pathRewrites: LabelType<readonly PathRewrite[]> = {
  name: 'path rewrites',
  words: '`search,replace[,flags]`, several joined by `:`; `search` is a regular expression',
  schema: {
    pattern: `${FIRST_SIGN}${SIGN}*,${SIGN}*(?:(?:,[gi]*)?:${SIGN}+,${SIGN}*)*${LAST}`,
  },
  read(text) {
    const line = readOneLine(text);
    return line.ok ? readPathRewrites(text) : line;
  },
};

/**
 * `search,replace[,flags]` joined by `:`. `\,` and `\:` stand for the signs themselves; every other
 * backslash is kept, it belongs to the regular expression or to a group (`\1`) of the replacement.
 */
export function readPathRewrites(text: string): Parsed<readonly PathRewrite[]> {
  const rewrites: PathRewrite[] = [];
  for (const pair of splitUnescaped(text, ':')) {
    const [search = '', replace, flags = '', ...rest] = splitUnescaped(pair, ',').map(unescapeSeparators);
    if (search === '' || replace === undefined || rest.length > 0) {
      return unreadable('is not a list of rewrites', EXPECTED);
    }
    if (!/^[gi]*$/.test(flags)) return unreadable(`has the unknown flags ${flags}`, 'g, i or gi as flags');
    rewrites.push({ search, replace, flags: [...new Set(flags)].sort().join('') });
  }
  return parsed(rewrites);
}

function splitUnescaped(text: string, separator: string): readonly string[] {
  const parts = [''];
  for (let i = 0; i < text.length; i += 1) {
    const char = text.charAt(i);
    const last = parts.length - 1;
    if (char === '\\' && i + 1 < text.length) {
      parts[last] = `${parts[last] ?? ''}${char}${text.charAt(i + 1)}`;
      i += 1;
    } else if (char === separator) parts.push('');
    else parts[last] = `${parts[last] ?? ''}${char}`;
  }
  return parts;
}

function unescapeSeparators(text: string): string {
  return text.replace(/\\([,:])/g, '$1');
}
