import { TemplateError } from './value.js';

/** A piece of a template: text that stays, or what stands between `{{` and `}}`. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly source: string; readonly tokens: readonly Token[] };

export type Token =
  | { readonly kind: 'word'; readonly text: string }
  /** `.Name`, without the dot. `glued`: it follows what stands before it without a blank. */
  | { readonly kind: 'field'; readonly text: string; readonly glued: boolean }
  | { readonly kind: 'dot' }
  /** `$` or `$name`. */
  | { readonly kind: 'variable'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: '(' | ')' | '|' | ',' | ':=' | '=' };

/**
 * Cuts a template into pieces; trim marks are applied and comments left out.
 *
 * @throws {TemplateError} when an action is not closed or holds something that is no token
 */
export function lexTemplate(template: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let trimNext = false;
  const addText = (text: string) => {
    const kept = trimNext ? text.replace(/^[ \t\r\n]+/, '') : text;
    if (kept !== '') pieces.push({ kind: 'text', text: kept });
  };
  for (;;) {
    const open = template.indexOf('{{', at);
    if (open < 0) {
      addText(template.slice(at));
      return pieces;
    }
    const before = template.slice(at, open);
    const trimBefore = /^\{\{-[ \t\r\n]/.test(template.slice(open, open + 4));
    addText(trimBefore ? before.replace(/[ \t\r\n]+$/, '') : before);
    const inner = open + (trimBefore ? 4 : 2);
    const comment = /^\/\*[\s\S]*?\*\/(?:[ \t\r\n]-)?\}\}/.exec(template.slice(inner));
    const action = comment ? undefined : lexAction(template, inner);
    const end = comment ? inner + comment[0].length : (action?.end ?? template.length);
    trimNext = /[ \t\r\n]-\}\}$/.test(template.slice(inner - 1, end));
    if (action) pieces.push({ kind: 'action', source: template.slice(open, end), tokens: action.tokens });
    at = end;
  }
}

const TOKENS: readonly (readonly [RegExp, (text: string, glued: boolean) => Token])[] = [
  [/"(?:[^"\\\n]|\\.)*"/y, (text) => ({ kind: 'string', text: unquote(text) })],
  [/`[^`]*`/y, (text) => ({ kind: 'string', text: text.slice(1, -1).replaceAll('\r', '') })],
  [
    /'(?:[^'\\\n]|\\[^\n]+?)'/uy,
    (text) => ({
      kind: 'char',
      code: unquote(`"${text.slice(1, -1).replace('"', '\\"')}"`).codePointAt(0) ?? 0,
    }),
  ],
  [
    /[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?![A-Za-z])/y,
    (text) => ({ kind: 'number', text }),
  ],
  [/\$[\p{L}\p{N}_]*/uy, (text) => ({ kind: 'variable', text })],
  [/\.[\p{L}_][\p{L}\p{N}_]*/uy, (text, glued) => ({ kind: 'field', text: text.slice(1), glued })],
  [/[\p{L}_][\p{L}\p{N}_]*/uy, (text) => ({ kind: 'word', text })],
  [/:=|[()|,=]/y, (text) => ({ kind: text as '(' })],
  [/\./y, () => ({ kind: 'dot' })],
];

function lexAction(template: string, start: number): { tokens: readonly Token[]; end: number } {
  const tokens: Token[] = [];
  let at = start;
  let glued = false;
  for (;;) {
    const blank = /[ \t\r\n]*/y;
    blank.lastIndex = at;
    const skipped = blank.exec(template)?.[0].length ?? 0;
    if (skipped > 0) glued = false;
    at += skipped;
    if (template.startsWith('}}', at)) return { tokens, end: at + 2 };
    if (skipped > 0 && template.startsWith('-}}', at)) return { tokens, end: at + 3 };
    if (at >= template.length) throw new TemplateError('an action is not closed with }}');
    const token = readToken(template, at, glued);
    tokens.push(token.token);
    at += token.length;
    glued = true;
  }
}

function readToken(template: string, at: number, glued: boolean): { token: Token; length: number } {
  for (const [pattern, make] of TOKENS) {
    pattern.lastIndex = at;
    const match = pattern.exec(template);
    if (match) return { token: make(match[0], glued), length: match[0].length };
  }
  throw new TemplateError(`unexpected ${JSON.stringify(template.slice(at, at + 10))} in an action`);
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** Go's `strconv.Unquote` of a text in double quotes. */
function unquote(text: string): string {
  return text
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g,
      (whole: string, x?: string, u?: string, long?: string, octal?: string, simple?: string) => {
        const hex = x ?? u ?? long;
        if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
        if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
        const char = SIMPLE_ESCAPES[simple ?? ''];
        if (char === undefined) throw new TemplateError(`unknown escape ${whole}`);
        return char;
      },
    );
}
