import { FormulaError, tokenize, type Token } from './tokenize.js';

export { FormulaError } from './tokenize.js';

export type BinaryOperator =
  '??' | '**' | '*' | '/' | '%' | '+' | '-' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '&&' | '||';

/** A formula as a tree. */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'nil' }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Formula[] }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Formula[] }
  | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly operand: Formula }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Formula;
      readonly right: Formula;
    }
  | {
      readonly kind: 'choice';
      readonly condition: Formula;
      readonly yes: Formula;
      readonly no: Formula;
    };

const FUNCTIONS = ['min', 'max', 'sum', 'avg', 'mean', 'abs', 'ceil', 'floor', 'round'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** How tightly an operator binds; unary operators stand between powers and products, as in expr-lang. */
const BINDING: Readonly<Record<string, { readonly operator: BinaryOperator; readonly power: number }>> = {
  '||': { operator: '||', power: 2 },
  or: { operator: '||', power: 2 },
  '&&': { operator: '&&', power: 3 },
  and: { operator: '&&', power: 3 },
  '<': { operator: '<', power: 4 },
  '<=': { operator: '<=', power: 4 },
  '>': { operator: '>', power: 4 },
  '>=': { operator: '>=', power: 4 },
  '==': { operator: '==', power: 4 },
  '!=': { operator: '!=', power: 4 },
  '+': { operator: '+', power: 5 },
  '-': { operator: '-', power: 5 },
  '*': { operator: '*', power: 6 },
  '/': { operator: '/', power: 6 },
  '%': { operator: '%', power: 6 },
  '**': { operator: '**', power: 8 },
  '^': { operator: '**', power: 8 },
  '??': { operator: '??', power: 9 },
};
const CHOICE_POWER = 1;
const UNARY_POWER = 7;
const LONGEST_FORMULA = 8_192;
const DEEPEST = 100;

/** @throws {FormulaError} with what is wrong and where */
export function parseFormula(text: string): Formula {
  if (text.length > LONGEST_FORMULA) throw new FormulaError(`is longer than ${LONGEST_FORMULA} characters`);
  const parser = createParser(tokenize(text));
  const formula = parser.expression(0);
  parser.expect('end', '');
  return formula;
}

function createParser(tokens: readonly Token[]) {
  let position = 0;
  let depth = 0;
  const peek = (): Token => tokens[position] ?? { kind: 'end', text: '', column: 1 };
  const next = (): Token => {
    const token = peek();
    position += 1;
    return token;
  };
  const isNext = (text: string) => peek().kind !== 'end' && peek().text === text;

  function expect(kind: Token['kind'], text: string): void {
    const token = next();
    if (token.kind !== kind || token.text !== text)
      throw new FormulaError(`${describe(token)} stands where ${text ? `"${text}"` : 'the end'} should be`);
  }

  function expression(power: number): Formula {
    depth += 1;
    if (depth > DEEPEST) throw new FormulaError(`is nested more than ${DEEPEST} times`);
    let left = operand();
    for (;;) {
      const token = peek();
      if (token.kind === 'sign' && token.text === '?' && power <= CHOICE_POWER) {
        next();
        const yes = expression(CHOICE_POWER);
        expect('sign', ':');
        left = { kind: 'choice', condition: left, yes, no: expression(CHOICE_POWER) };
        continue;
      }
      const binding = token.kind === 'number' ? undefined : BINDING[token.text];
      if (!binding || binding.power < power) break;
      next();
      // A power is right-associative: what follows may bind as tightly as it does.
      const right = expression(binding.operator === '**' ? binding.power : binding.power + 1);
      left = { kind: 'binary', operator: binding.operator, left, right };
    }
    depth -= 1;
    return left;
  }

  function operand(): Formula {
    const token = next();
    if (token.kind === 'number') return { kind: 'number', value: Number(token.text) };
    if (token.kind === 'name') return named(token);
    if (token.text === '-' || token.text === '!')
      return { kind: 'unary', operator: token.text, operand: expression(UNARY_POWER) };
    if (token.text === '(') {
      const inner = expression(0);
      expect('sign', ')');
      return inner;
    }
    if (token.text === '[') return { kind: 'list', items: listUntil(']') };
    throw new FormulaError(`${describe(token)} stands where a value should be`);
  }

  function named(token: Token): Formula {
    if (isNext('(')) {
      next();
      const name = FUNCTIONS.find((one) => one === token.text);
      if (!name)
        throw new FormulaError(`"${token.text}" is not a function; there are ${FUNCTIONS.join(', ')}`);
      return { kind: 'call', name, args: listUntil(')') };
    }
    switch (token.text) {
      case 'true':
      case 'false':
        return { kind: 'boolean', value: token.text === 'true' };
      case 'nil':
        return { kind: 'nil' };
      case 'and':
      case 'or':
        throw new FormulaError(`${describe(token)} stands where a value should be`);
      default:
        return { kind: 'name', name: token.text };
    }
  }

  function listUntil(end: string): readonly Formula[] {
    const items: Formula[] = [];
    while (!isNext(end)) {
      items.push(expression(0));
      if (!isNext(',')) break;
      next();
    }
    expect('sign', end);
    return items;
  }

  return { expression, expect };
}

function describe({ kind, text, column }: Token): string {
  return kind === 'end' ? 'the end' : `"${text}" at column ${column}`;
}
