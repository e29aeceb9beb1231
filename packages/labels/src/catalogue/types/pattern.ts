import { MAX_DIGITS, type Bounds } from '../../values/integer.js';
import { parsed, unreadable, type Unreadable } from '../../values/parsed.js';
import type { LabelType } from './label-type.js';

/** Inside a character class: the characters that could end a line or hide in one. */
export const CONTROLS = '\\u0000-\\u001f\\u007f\\u0085\\u2028\\u2029';

/** Fits every text. */
export const ANY = '[\\s\\S]*';

const CONTROL = new RegExp(`[${CONTROLS}]`);

/** Text that stays on one line. */
export function readOneLine(text: string): { readonly ok: true; readonly value: string } | Unreadable {
  return CONTROL.test(text)
    ? unreadable('holds a line break or another control character', 'text on one line')
    : { ok: true, value: text };
}

interface Matching {
  readonly name: string;
  readonly words: string;
  readonly pattern: string;
  /** `is not a host`. */
  readonly problem: string;
  readonly expected: string;
  readonly numbers?: LabelType['schema']['numbers'];
}

/** A type whose texts are exactly those that fit a pattern; `convert` makes the value of such a text. */
export function matching(rules: Matching): LabelType<string>;
export function matching<T>(rules: Matching, convert: (text: string) => T): LabelType<T>;
export function matching<T>(
  { name, words, pattern, problem, expected, numbers }: Matching,
  convert?: (text: string) => T,
): LabelType<T | string> {
  const fits = new RegExp(`^(?:${pattern})$`, 'u');
  return {
    name,
    words,
    schema: { pattern, ...(numbers && { numbers }) },
    read(text) {
      if (fits.test(text)) return parsed(convert ? convert(text) : text);
      const line = readOneLine(text);
      return line.ok ? unreadable(problem, expected) : line;
    },
  };
}

/** A pattern for exactly these texts. */
export function oneOf(texts: readonly string[]): string {
  return texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|');
}

/** A pattern for a word of ASCII letters in any letter case. */
export function anyCase(word: string): string {
  return word.replace(/[A-Za-z]/g, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

/** `a, b or c`, as sentences list things. */
export function listed(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1) ?? ''}`;
}

/** A pattern for whole numbers with optional sign, as `readInteger` takes them. */
export function integerPattern({ min, max }: Bounds): string {
  const positive = max === undefined || max >= 0 ? [`\\+?${digitsPattern({ min: min ?? 0, max })}`] : [];
  const negative =
    min === undefined || min <= 0
      ? [`-${digitsPattern({ min: Math.max(0, -(max ?? 0)), max: min === undefined ? undefined : -min })}`]
      : [];
  return [...positive, ...negative].join('|');
}

interface DigitBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Digits at most, leading zeros included. */
  readonly width?: number;
}

/** A pattern for whole numbers without sign between bounds of at least 0; zeros may lead. */
export function digitsPattern({ min = 0, max, width = MAX_DIGITS }: DigitBounds): string {
  const from = Math.max(0, min);
  if (from === 0 && max === undefined) return `[0-9]{1,${width}}`;
  const ranges = splitRange(from, Math.min(max ?? Infinity, 10 ** width - 1));
  return `(?![0-9]{${width + 1}})0*(?:${ranges.map(sameLengthPattern).join('|')})(?![0-9])`;
}

/**
 * Ranges that follow each other and whose numbers differ in their last digits only, which then go from
 * 0 to 9: 95 to 312 is 95–99, 100–299, 300–309, 310–312.
 */
function splitRange(from: number, to: number): readonly (readonly [from: number, to: number])[] {
  const ends = new Set([to]);
  for (let unit = 10; ; unit *= 10) {
    const end = from - (from % unit) + unit - 1;
    if (end >= to) break;
    ends.add(end);
  }
  for (let unit = 10; ; unit *= 10) {
    const end = to + 1 - ((to + 1) % unit) - 1;
    if (end <= from) break;
    ends.add(end);
  }
  let start = from;
  return [...ends]
    .sort((a, b) => a - b)
    .map((end) => {
      const range = [start, end] as const;
      start = end + 1;
      return range;
    });
}

function sameLengthPattern([from, to]: readonly [from: number, to: number]): string {
  const high = String(to);
  return String(from)
    .replace(/[0-9]/g, (digit, i: number) =>
      digit === high.charAt(i) ? digit : `[${digit}-${high.charAt(i)}]`,
    )
    .replace(/(?:\[0-9\]){2,}/g, (any) => `[0-9]{${any.length / '[0-9]'.length}}`);
}
