import type { BinaryOperator, Formula, FunctionName } from './parse-formula.js';

/** `null` is nil. */
type Value = number | boolean | null | readonly Value[];

/** A number or nil, or why there is neither. */
export type FormulaResult = { readonly value: number | null } | { readonly failed: string };

/** Why a formula has no value; never leaves this file. */
class EvaluationError extends Error {}

/** The value of a formula for these inputs; `null` is an input that has failed. Only the branch taken is evaluated. */
export function evaluateFormula(formula: Formula, inputs: ReadonlyMap<string, number | null>): FormulaResult {
  try {
    const value = evaluate(formula, inputs);
    if (value === null) return { value };
    if (typeof value !== 'number') return { failed: `the formula yields a ${typeName(value)}` };
    return Number.isFinite(value) ? { value } : { failed: 'the formula yields no finite number' };
  } catch (error) {
    if (error instanceof EvaluationError) return { failed: error.message };
    throw error;
  }
}

function evaluate(formula: Formula, inputs: ReadonlyMap<string, number | null>): Value {
  const of = (inner: Formula) => evaluate(inner, inputs);
  switch (formula.kind) {
    case 'number':
    case 'boolean':
      return formula.value;
    case 'nil':
      return null;
    case 'name': {
      const value = inputs.get(formula.name);
      if (value === undefined)
        throw new EvaluationError(`the formula asks for ${formula.name}, which is no metric`);
      return value;
    }
    case 'list':
      return formula.items.map(of);
    case 'call':
      return call(formula.name, formula.args.map(of));
    case 'unary':
      return formula.operator === '-' ? -numberOf(of(formula.operand)) : !booleanOf(of(formula.operand));
    case 'choice':
      return booleanOf(of(formula.condition)) ? of(formula.yes) : of(formula.no);
    case 'binary':
      return binary(formula.operator, of(formula.left), () => of(formula.right));
  }
}

function binary(operator: BinaryOperator, left: Value, right: () => Value): Value {
  switch (operator) {
    case '??':
      return left ?? right();
    case '&&':
      return booleanOf(left) && booleanOf(right());
    case '||':
      return booleanOf(left) || booleanOf(right());
    case '==':
      return isSame(left, right());
    case '!=':
      return !isSame(left, right());
    default:
      return arithmetic(operator, numberOf(left), numberOf(right()));
  }
}

function arithmetic(
  operator: Exclude<BinaryOperator, '??' | '&&' | '||' | '==' | '!='>,
  left: number,
  right: number,
): Value {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '**':
      return left ** right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

function call(name: FunctionName, args: readonly Value[]): Value {
  const [first] = args;
  const numbers = (args.length === 1 && isList(first) ? first : args).map(numberOf);
  const [one] = numbers;
  if (one === undefined) throw new EvaluationError(`${name}() needs a value`);
  const total = numbers.reduce((sum, value) => sum + value, 0);
  switch (name) {
    case 'min':
      return Math.min(...numbers);
    case 'max':
      return Math.max(...numbers);
    case 'sum':
      return total;
    case 'avg':
    case 'mean':
      return total / numbers.length;
    default:
      if (args.length !== 1 || isList(first)) throw new EvaluationError(`${name}() takes one number`);
      return ROUNDING[name](one);
  }
}

const ROUNDING = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  // Halves go away from zero, as in Go.
  round: (value: number) => Math.sign(value) * Math.round(Math.abs(value)),
} as const;

function isSame(left: Value, right: Value): boolean {
  if (isList(left) || isList(right)) throw new EvaluationError('lists cannot be compared');
  return left === right;
}

function numberOf(value: Value): number {
  if (typeof value !== 'number')
    throw new EvaluationError(`a ${typeName(value)} stands where a number is needed`);
  return value;
}

function booleanOf(value: Value): boolean {
  if (typeof value !== 'boolean')
    throw new EvaluationError(`a ${typeName(value)} stands where true or false is needed`);
  return value;
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function typeName(value: Value): string {
  if (value === null) return 'nil';
  return isList(value) ? 'list' : typeof value;
}
