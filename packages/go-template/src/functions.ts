import { compareBytes, encodeQueryText } from '@docker-flow/labels';
import { sprint, sprintf, sprintln } from './format.js';
import { isFloat, isList, isMap, isNothing, isTrue, TemplateError, typeName, type Value } from './value.js';

type TemplateFunction = (values: readonly Value[]) => Value;

/**
 * The functions of Go's text/template that take plain values. `and` and `or` are evaluated one operand at
 * a time where they are called.
 */
const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  eq: ([first, ...others]) => {
    if (first === undefined || others.length === 0)
      throw new TemplateError('missing argument for comparison');
    return others.some((other) => equal(first, other));
  },
  ne: (values) => !equal(...two('ne', values)),
  lt: (values) => less(...two('lt', values)),
  le: (values) => {
    const [a, b] = two('le', values);
    return less(a, b) || equal(a, b);
  },
  gt: (values) => {
    const [a, b] = two('gt', values);
    return !less(a, b) && !equal(a, b);
  },
  ge: (values) => !less(...two('ge', values)),
  not: (values) => !isTrue(one('not', values)),
  len: (values) => lengthOf(one('len', values)),
  index: ([first, ...keys]) => keys.reduce<Value>(indexed, first ?? missing('index')),
  print: sprint,
  println: sprintln,
  printf: ([format, ...values]) => {
    if (typeof format !== 'string') throw new TemplateError('printf wants a format first');
    return sprintf(format, values);
  },
  html: (values) => sprint(values).replace(/[\0"&'<>]/g, (char) => HTML[char] ?? char),
  js: (values) => escapeJs(sprint(values)),
  urlquery: (values) => encodeQueryText(sprint(values)),
};

export const FUNCTION_NAMES: ReadonlySet<string> = new Set([...Object.keys(FUNCTIONS), 'and', 'or']);

/** @throws {TemplateError} when the values are not what the function wants */
export function callFunction(name: string, values: readonly Value[]): Value {
  const wanted = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!wanted) throw new TemplateError(`function ${JSON.stringify(name)} not defined`);
  return wanted(values);
}

function missing(name: string): never {
  throw new TemplateError(`wrong number of arguments for ${name}`);
}

function one(name: string, values: readonly Value[]): Value {
  const [value] = values;
  return value === undefined || values.length !== 1 ? missing(name) : value;
}

function two(name: string, values: readonly Value[]): [Value, Value] {
  const [a, b] = values;
  return a === undefined || b === undefined || values.length !== 2 ? missing(name) : [a, b];
}

function basicKind(value: Value): 'int' | 'float' | 'string' | 'bool' | 'nil' {
  if (value === null || isNothing(value)) return 'nil';
  if (isFloat(value)) return 'float';
  if (typeof value === 'number') return 'int';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  throw new TemplateError(`invalid type for comparison: ${typeName(value)}`);
}

function equal(a: Value, b: Value): boolean {
  const [left, right] = [basicKind(a), basicKind(b)];
  if (left === 'nil' || right === 'nil') return left === right;
  if (left !== right) throw new TemplateError('incompatible types for comparison');
  return isFloat(a) && isFloat(b) ? a.number === b.number : a === b;
}

function less(a: Value, b: Value): boolean {
  const [left, right] = [basicKind(a), basicKind(b)];
  if (left !== right || left === 'bool' || left === 'nil')
    throw new TemplateError('incompatible types for comparison');
  if (isFloat(a) && isFloat(b)) return a.number < b.number;
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b) < 0;
  return (a as number) < (b as number);
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return new TextEncoder().encode(value).length;
  if (isList(value)) return value.length;
  if (isMap(value)) return value.size;
  throw new TemplateError(`len of type ${typeName(value)}`);
}

function indexed(container: Value, key: Value): Value {
  if (isMap(container)) {
    if (typeof key !== 'string') throw new TemplateError(`a map has text keys, not ${typeName(key)}`);
    return container.get(key) ?? '';
  }
  const items = typeof container === 'string' ? [...new TextEncoder().encode(container)] : container;
  if (!Array.isArray(items)) throw new TemplateError(`can't index item of type ${typeName(container)}`);
  if (typeof key !== 'number') throw new TemplateError(`cannot index a list with type ${typeName(key)}`);
  const item = (items as readonly Value[])[key];
  if (item === undefined) throw new TemplateError(`index out of range: ${key}`);
  return item;
}

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\p{C}\u2028\u2029]/gu, (char) => {
    if (char === '\\' || char === "'" || char === '"') return `\\${char}`;
    return `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}
