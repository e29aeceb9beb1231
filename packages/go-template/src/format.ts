import { byText } from '@docker-flow/labels';
import { isFloat, isList, isMap, isNothing, isStruct, TemplateError, typeName, type Value } from './value.js';

/** How a value prints at the end of an action, as Go's `fmt.Print` does it. */
export function printValue(value: Value): string {
  if (isNothing(value)) return '<no value>';
  return formatDefault(value);
}

/** Go's `%v`. */
export function formatDefault(value: Value): string {
  if (value === null || isNothing(value)) return '<nil>';
  if (isFloat(value)) return formatShortestFloat(value.number);
  if (isList(value)) return `[${value.map(formatDefault).join(' ')}]`;
  if (isMap(value)) {
    const entries = [...value].sort(byText(([key]) => key));
    return `map[${entries.map(([key, item]) => `${key}:${formatDefault(item)}`).join(' ')}]`;
  }
  if (isStruct(value)) throw new TemplateError('a whole structure cannot be printed; name one of its fields');
  return String(value);
}

/** Go's `%v` of a float: the shortest digits, with an exponent below 1e-4 and from 1e21 on. */
function formatShortestFloat(number: number): string {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'NaN' : number > 0 ? '+Inf' : '-Inf';
  const size = Math.abs(number);
  return size !== 0 && (size < 1e-4 || size >= 1e21) ? goExponent(number.toExponential()) : String(number);
}

/** Go writes at least two digits of an exponent. */
function goExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Go's `fmt.Sprint`: a blank between operands when neither is a text. */
export function sprint(values: readonly Value[]): string {
  return values
    .map((value, i) => {
      const before = values[i - 1];
      const blank = i > 0 && typeof value !== 'string' && typeof before !== 'string';
      return (blank ? ' ' : '') + formatDefault(value);
    })
    .join('');
}

/** Go's `fmt.Sprintln`: always a blank between operands, and a line feed. */
export function sprintln(values: readonly Value[]): string {
  return `${values.map(formatDefault).join(' ')}\n`;
}

const VERB = /%([-+# 0]*)(\d+|\*)?(?:\.(\d+|\*)?)?(.)?/gsu;

/** Go's `fmt.Sprintf` with the verbs v s q d f g e t x X c b o U and %; wrong uses show as Go shows them. */
export function sprintf(format: string, values: readonly Value[]): string {
  let next = 0;
  const take = (): Value | undefined => values[next++];
  const text = format.replace(
    VERB,
    (whole: string, flags: string, width?: string, precision?: string, verb?: string) => {
      if (verb === undefined) return '%!(NOVERB)';
      if (verb === '%') return '%';
      const size = width === '*' ? Number(take()) : Number(width ?? 0);
      const digits = precision === '*' ? Number(take()) : precision;
      const hasPrecision = precision !== undefined || whole.includes('.');
      const value = take();
      if (value === undefined) return `%!${verb}(MISSING)`;
      const body = formatVerb(verb, value, hasPrecision ? Number(digits ?? 0) : undefined, flags);
      return pad(body, size, flags, isNumeric(value));
    },
  );
  const extra = values.slice(next);
  if (extra.length === 0) return text;
  return `${text}%!(EXTRA ${extra.map((value) => `${typeName(value)}=${formatDefault(value)}`).join(', ')})`;
}

function isNumeric(value: Value): boolean {
  return typeof value === 'number' || isFloat(value);
}

function pad(body: string, width: number, flags: string, numeric: boolean): string {
  const missing = width - Array.from(body).length;
  if (missing <= 0) return body;
  if (flags.includes('-')) return body + ' '.repeat(missing);
  if (!flags.includes('0') || !numeric) return ' '.repeat(missing) + body;
  const sign = /^[+-]/.exec(body)?.[0] ?? '';
  return sign + '0'.repeat(missing) + body.slice(sign.length);
}

function formatVerb(verb: string, value: Value, precision: number | undefined, flags: string): string {
  const bad = () =>
    `%!${verb}(${value === null || isNothing(value) ? '<nil>' : `${typeName(value)}=${formatDefault(value)}`})`;
  if (verb === 'v') return withPlus(formatDefault(value), value, flags);
  if (isList(value) && verb !== 'd')
    return `[${value.map((item) => formatVerb(verb, item, precision, flags)).join(' ')}]`;
  if (typeof value === 'string') return formatText(verb, value, precision) ?? bad();
  if (typeof value === 'boolean') return verb === 't' ? String(value) : bad();
  if (typeof value === 'number') return formatInteger(verb, value, flags) ?? bad();
  if (isFloat(value)) return formatFloat(verb, value.number, precision, flags) ?? bad();
  return bad();
}

function withPlus(text: string, value: Value, flags: string): string {
  return flags.includes('+') && isNumeric(value) && !text.startsWith('-') ? `+${text}` : text;
}

function formatText(verb: string, text: string, precision: number | undefined): string | undefined {
  const cut = precision === undefined ? text : Array.from(text).slice(0, precision).join('');
  if (verb === 's') return cut;
  if (verb === 'q') return JSON.stringify(cut);
  if (verb !== 'x' && verb !== 'X') return undefined;
  const hex = [...new TextEncoder().encode(cut)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return verb === 'x' ? hex : hex.toUpperCase();
}

function formatInteger(verb: string, number: number, flags: string): string | undefined {
  switch (verb) {
    case 'd':
      return withPlus(String(number), number, flags);
    case 'x':
      return number.toString(16);
    case 'X':
      return number.toString(16).toUpperCase();
    case 'b':
      return number.toString(2);
    case 'o':
      return number.toString(8);
    case 'c':
      return String.fromCodePoint(number);
    case 'q':
      return `'${String.fromCodePoint(number)}'`;
    case 'U':
      return `U+${number.toString(16).toUpperCase().padStart(4, '0')}`;
    default:
      return undefined;
  }
}

function formatFloat(
  verb: string,
  number: number,
  precision: number | undefined,
  flags: string,
): string | undefined {
  switch (verb) {
    case 'f':
    case 'F':
      return withPlus(number.toFixed(Math.min(precision ?? 6, 100)), number, flags);
    case 'e':
      return withPlus(goExponent(number.toExponential(Math.min(precision ?? 6, 100))), number, flags);
    case 'g':
      return withPlus(
        precision === undefined ? formatShortestFloat(number) : formatSignificant(number, precision),
        number,
        flags,
      );
    default:
      return undefined;
  }
}

function formatSignificant(number: number, precision: number): string {
  const text = number.toPrecision(Math.min(Math.max(precision, 1), 100));
  if (!text.includes('e')) return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return goExponent(text.replace(/\.?0+e/, 'e'));
}
