import { floatText } from './float-text.js';

/** What YAML takes a plain scalar for, as Docker's parser does. */
export type PlainValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** With the text that Docker makes of it. */
  | { readonly kind: 'number' | 'date'; readonly text: string }
  | { readonly kind: 'text' };

/** Reads a plain scalar; a number comes as the text that Docker makes of it (`0777` is 511, `2.0` is 2, `1e6` is 1e+06). */
export function readPlain(text: string): PlainValue {
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return { kind: 'null' };
  if (/^(?:true|True|TRUE)$/.test(text)) return { kind: 'boolean', value: true };
  if (/^(?:false|False|FALSE)$/.test(text)) return { kind: 'boolean', value: false };
  const date = readDate(text);
  if (date !== undefined) return { kind: 'date', text: date };
  const integer = readInteger(text);
  if (integer !== undefined) return { kind: 'number', text: integerText(integer) };
  const compact = text.replaceAll('_', '');
  if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(compact) && /^[-+.\d]/.test(text))
    return { kind: 'number', text: floatText(Number(compact)) };
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text))
    return { kind: 'number', text: /nan/i.test(text) ? 'NaN' : text.startsWith('-') ? '-Inf' : '+Inf' };
  return { kind: 'text' };
}

/** Whether a plain scalar says something else than what is written: octal, `1_000`, a date, `yes`, base 60. */
export function isSurprising(text: string): boolean {
  return (
    /^(?:yes|no|on|off|y|n)$/i.test(text) ||
    /^[-+]?0\d+$/.test(text) ||
    /^[-+]?0[xob][\da-f_]+$/i.test(text) ||
    /^[-+]?\d[\d_]*_[\d_]*(?:\.\d*)?$/.test(text) ||
    /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt\s])/.test(text) ||
    /^[-+]?[1-9]\d*(?::[0-5]?\d)+(?:\.\d*)?$/.test(text)
  );
}

function readInteger(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/.exec(text) ?? [];
  const compact = digits.replaceAll('_', '');
  const value = magnitude(compact);
  if (value === undefined || !/^\d/.test(digits)) return undefined;
  return sign === '-' ? -value : value;
}

const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 64n - 1n;

/** What is larger than 64 bits is no integer any more. */
function integerText(value: bigint): string {
  return value < SMALLEST || value > LARGEST ? floatText(Number(value)) : value.toString();
}

function magnitude(digits: string): bigint | undefined {
  if (/^0[xX][\da-fA-F]+$/.test(digits) || /^0[oO][0-7]+$/.test(digits) || /^0[bB][01]+$/.test(digits))
    return BigInt(digits.toLowerCase());
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return /^(?:0|[1-9]\d*)$/.test(digits) ? BigInt(digits) : undefined;
}

/** A date becomes a moment, and then its text in Go. */
function readDate(text: string): string | undefined {
  const [, year, month = '', day = '', rest = ''] =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(|[Tt]\d{1,2}:\d{1,2}:\d{1,2}Z)$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (Number.isNaN(Date.parse(`${date}T00:00:00Z`))) return undefined;
  const time = rest === '' ? '00:00:00' : rest.slice(1, -1);
  return `${date} ${time} +0000 UTC`;
}
