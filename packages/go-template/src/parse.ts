import { FUNCTION_NAMES } from './functions.js';
import { lexTemplate, type Piece, type Token } from './lex.js';
import { TemplateError, type Float, type Value } from './value.js';

export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly pipe: Pipe }
  | { readonly kind: 'if' | 'with'; readonly pipe: Pipe; readonly body: Block; readonly otherwise: Block }
  | { readonly kind: 'range'; readonly pipe: Pipe; readonly body: Block; readonly otherwise: Block }
  | { readonly kind: 'break' | 'continue' };
export type Block = readonly Node[];

/** `$a, $b := command | command`; a pipe that declares or assigns prints nothing. */
export interface Pipe {
  readonly variables: readonly string[];
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}
/** The first operand with its arguments. */
export type Command = readonly Operand[];

export type Operand =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'dot'; readonly fields: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly fields: readonly string[] };

/**
 * Reads a Go text template. Actions that use one of the `foreign` variables (with their `$`) stay in the
 * text as they are written: somebody else will execute them.
 *
 * @throws {TemplateError} when it does not parse
 */
export function parseTemplate(template: string, foreign: ReadonlySet<string> = new Set()): Block {
  const parser = new Parser(lexTemplate(template), foreign);
  const { block, end } = parser.block(new Set(['$']), false);
  if (end) throw new TemplateError(`unexpected {{${end.word}}}`);
  return block;
}

interface BlockEnd {
  readonly word: 'end' | 'else';
  /** What stands behind `else`: nothing, `if …` or `with …`. */
  readonly rest: readonly Token[];
}

class Parser {
  readonly #pieces: readonly Piece[];
  readonly #foreign: ReadonlySet<string>;
  #at = 0;

  constructor(pieces: readonly Piece[], foreign: ReadonlySet<string>) {
    this.#pieces = pieces;
    this.#foreign = foreign;
  }

  /** Nodes up to the end of the template, `{{end}}` or `{{else}}`. `known` are the variables in scope. */
  block(known: Set<string>, inRange: boolean): { block: Block; end: BlockEnd | undefined } {
    const nodes: Node[] = [];
    for (let piece = this.#pieces[this.#at++]; piece; piece = this.#pieces[this.#at++]) {
      if (piece.kind === 'text') {
        nodes.push(piece);
        continue;
      }
      const [first, ...rest] = piece.tokens;
      const word = first?.kind === 'word' ? first.text : '';
      if (word === 'end' || word === 'else') {
        if (word === 'end' && rest.length > 0) throw new TemplateError('unexpected text behind end');
        return { block: nodes, end: { word, rest } };
      }
      nodes.push(this.#action(word, piece, rest, known, inRange));
    }
    return { block: nodes, end: undefined };
  }

  #action(
    word: string,
    piece: Piece & { kind: 'action' },
    rest: readonly Token[],
    known: Set<string>,
    inRange: boolean,
  ): Node {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.#control(word, rest, known, inRange);
      case 'break':
      case 'continue':
        if (!inRange || rest.length > 0) throw new TemplateError(`unexpected {{${word}}}`);
        return { kind: word };
      case 'define':
      case 'template':
      case 'block':
        throw new TemplateError(`{{${word}}} is not supported`);
      default:
        return this.#isForeign(piece.tokens, known)
          ? { kind: 'text', text: piece.source }
          : { kind: 'print', pipe: parsePipe(piece.tokens, known, 'plain') };
    }
  }

  #isForeign(tokens: readonly Token[], known: ReadonlySet<string>): boolean {
    return tokens.some(
      (token) => token.kind === 'variable' && this.#foreign.has(token.text) && !known.has(token.text),
    );
  }

  #control(
    kind: 'if' | 'with' | 'range',
    tokens: readonly Token[],
    known: Set<string>,
    inRange: boolean,
  ): Node {
    const inner = new Set(known);
    const pipe = parsePipe(tokens, inner, kind === 'range' ? 'range' : 'plain');
    const { block: body, end } = this.block(new Set(inner), inRange || kind === 'range');
    if (!end) throw new TemplateError(`{{${kind}}} has no {{end}}`);
    if (end.word === 'end') return { kind, pipe, body, otherwise: [] };
    const [next, ...rest] = end.rest;
    if (!next) {
      const other = this.block(new Set(inner), inRange);
      if (other.end?.word !== 'end') throw new TemplateError('{{else}} has no {{end}}');
      return { kind, pipe, body, otherwise: other.block };
    }
    if (next.kind !== 'word' || next.text !== kind || kind === 'range')
      throw new TemplateError('unexpected text behind else');
    return { kind, pipe, body, otherwise: [this.#control(kind, rest, inner, inRange)] };
  }
}

function parsePipe(tokens: readonly Token[], known: Set<string>, form: 'plain' | 'range'): Pipe {
  const { variables, assigns, rest } = parseDeclaration(tokens, known, form);
  const reader = new TokenReader(rest);
  const commands = parseCommands(reader, known);
  if (!reader.done) throw new TemplateError('unexpected )');
  if (!assigns) for (const name of variables) known.add(name);
  return { variables, assigns, commands };
}

function parseDeclaration(tokens: readonly Token[], known: ReadonlySet<string>, form: 'plain' | 'range') {
  const [first, second, third, fourth] = tokens;
  const none = { variables: [] as readonly string[], assigns: false, rest: tokens };
  if (first?.kind !== 'variable') return none;
  if (second?.kind === ':=') return { variables: [first.text], assigns: false, rest: tokens.slice(2) };
  if (second?.kind === '=') {
    if (!known.has(first.text)) throw new TemplateError(`undefined variable ${first.text}`);
    return { variables: [first.text], assigns: true, rest: tokens.slice(2) };
  }
  if (second?.kind !== ',') return none;
  if (form !== 'range' || third?.kind !== 'variable' || fourth?.kind !== ':=')
    throw new TemplateError('only range may declare two variables');
  return { variables: [first.text, third.text], assigns: false, rest: tokens.slice(4) };
}

class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;
  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }
  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }
  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }
  take(): Token | undefined {
    return this.#tokens[this.#at++];
  }
}

/** Commands joined by `|`, up to the end or a closing parenthesis. */
function parseCommands(reader: TokenReader, known: ReadonlySet<string>): readonly Command[] {
  const commands: Command[] = [];
  for (;;) {
    const operands: Operand[] = [];
    for (let token = reader.peek(); token && token.kind !== '|' && token.kind !== ')'; token = reader.peek())
      operands.push(parseOperand(reader, known));
    const [first] = operands;
    if (!first) throw new TemplateError('missing value for command');
    if (commands.length > 0 && first.kind === 'literal')
      throw new TemplateError('a constant cannot stand behind |');
    if (operands.length > 1 && first.kind !== 'function')
      throw new TemplateError('only functions take arguments');
    commands.push(operands);
    if (reader.peek()?.kind !== '|') return commands;
    reader.take();
  }
}

function parseOperand(reader: TokenReader, known: ReadonlySet<string>): Operand {
  const token = reader.take();
  switch (token?.kind) {
    case 'string':
      return { kind: 'literal', value: token.text };
    case 'char':
      return { kind: 'literal', value: token.code };
    case 'number':
      return { kind: 'literal', value: parseNumber(token.text) };
    case 'word':
      return parseWord(token.text);
    case 'dot':
      return { kind: 'dot', fields: [] };
    case 'field':
      return { kind: 'dot', fields: [token.text, ...gluedFields(reader)] };
    case 'variable':
      if (!known.has(token.text)) throw new TemplateError(`undefined variable ${token.text}`);
      return { kind: 'variable', name: token.text, fields: gluedFields(reader) };
    case '(': {
      const commands = parseCommands(reader, known);
      if (reader.take()?.kind !== ')') throw new TemplateError('a parenthesis is not closed');
      return { kind: 'pipe', pipe: { variables: [], assigns: false, commands }, fields: gluedFields(reader) };
    }
    default:
      throw new TemplateError(`unexpected ${token?.kind ?? 'end of an action'}`);
  }
}

function gluedFields(reader: TokenReader): readonly string[] {
  const fields: string[] = [];
  for (let token = reader.peek(); token?.kind === 'field' && token.glued; token = reader.peek()) {
    fields.push(token.text);
    reader.take();
  }
  return fields;
}

function parseWord(word: string): Operand {
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
  if (word === 'nil') return { kind: 'literal', value: null };
  if (FUNCTION_NAMES.has(word)) return { kind: 'function', name: word };
  throw new TemplateError(`function ${JSON.stringify(word)} not defined`);
}

function parseNumber(text: string): number | Float {
  const plain = text.replaceAll('_', '');
  const prefixed = /^([+-]?)(0[xXbBoO].*)$/.exec(plain);
  if (prefixed) return (prefixed[1] === '-' ? -1 : 1) * Number(prefixed[2]);
  if (/^[+-]?0[0-7]+$/.test(plain)) return parseInt(plain, 8);
  const number = Number(plain);
  if (Number.isNaN(number)) throw new TemplateError(`bad number ${text}`);
  return /[.eE]/.test(plain) && !Number.isInteger(number)
    ? { kind: 'float', number }
    : integerOrFloat(plain, number);
}

/** Go takes `1.0` and `1e3` for an integer where one is wanted; printed they look alike. */
function integerOrFloat(plain: string, number: number): number | Float {
  return /[.eE]/.test(plain) && Math.abs(number) > Number.MAX_SAFE_INTEGER
    ? { kind: 'float', number }
    : number;
}
