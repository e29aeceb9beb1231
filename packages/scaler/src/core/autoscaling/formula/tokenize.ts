/** A formula that is none; the message says what is wrong and where. */
export class FormulaError extends Error {
  override readonly name = 'FormulaError';
}

export interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** Counted from 1. */
  readonly column: number;
}

const PATTERN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<sign>\?\?|\*\*|&&|\|\||[<>=!]=|[-+*/%^!<>?:()[\],]))/y;

/** @throws {FormulaError} at a character that belongs to no word of the language */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN);
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const from = pattern.lastIndex;
    const found = pattern.exec(text);
    if (!found?.groups) {
      const at = from + (text.slice(from).length - text.slice(from).trimStart().length);
      throw new FormulaError(`"${text.charAt(at)}" at column ${at + 1} is not part of a formula`);
    }
    const { number, name, sign } = found.groups;
    const word = number ?? name ?? sign ?? '';
    tokens.push({
      kind: number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign',
      text: word,
      column: pattern.lastIndex - word.length + 1,
    });
  }
  return [...tokens, { kind: 'end', text: '', column: end + 1 }];
}
