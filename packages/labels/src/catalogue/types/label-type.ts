import { mapParsed, type Parsed } from '../../values/parsed.js';

/** Which texts a label takes, for the JSON Schema. */
export interface TextSchema {
  /**
   * An ECMAScript regular expression (also with the flag `u`) without anchors that fits exactly the texts
   * that are read without an issue. Absent where no pattern can tell.
   */
  readonly pattern?: string;
  /** Numbers of YAML, which Docker turns into text, that are such a text; absent: none. */
  readonly numbers?: NumberSchema;
  /** What an editor offers; each fits the pattern. */
  readonly choices?: readonly string[];
}

/** In the words of JSON Schema. */
export interface NumberSchema {
  readonly type: 'integer' | 'number';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly number[];
  readonly not?: { readonly const: number };
}

/** What the operator's environment says about reading labels. */
export interface ReadOptions {
  /** Separates the items of a list; a comma by default. */
  readonly separator?: string;
}

/**
 * What a value of a label is. Reading, documentation and schema all come from here, so they cannot differ:
 * a test holds `read` and `schema` against each other for every label of the catalogue.
 */
export interface LabelType<T = unknown> {
  /** One or two words: `boolean`, `port`, `list of networks`. */
  readonly name: string;
  /** What a value looks like, in words for a table; Markdown. */
  readonly words: string;
  readonly schema: TextSchema;
  /** What it is in a description of an HTTP API; text by default. */
  readonly json?: 'boolean' | 'integer';
  /** Only where the number has one: seconds, replicas, nodes … */
  readonly unit?: string;
  /** Smallest and largest number allowed. */
  readonly min?: number;
  readonly max?: number;
  /** The words allowed, where there are only some. */
  readonly choices?: readonly string[];
  /** Whether it goes into a generated file as it is; an operator can switch such labels off. */
  readonly raw?: true;
  /** Reads the text of one label. Never throws. */
  readonly read: (text: string, options?: ReadOptions) => Parsed<T>;
}

/**
 * The same texts, but what cannot be read counts as `value`: the label's owner is told, and the service
 * keeps what else it says. `words` continue the problem: `is not a boolean` `and counts as false`.
 */
export function countingAs<T, U>(type: LabelType<T>, value: U, words: string): LabelType<T | U> {
  const explained = explaining(type, ` ${words}`);
  return {
    ...type,
    read(text, options) {
      const result = explained.read(text, options);
      return result.ok ? result : { ...result, instead: { value } };
    },
  };
}

/** The same type, whose problems end with some more words: `is not a port` `; the service is not scraped`. */
export function explaining<T>(type: LabelType<T>, words: string): LabelType<T> {
  return {
    ...type,
    read(text, options) {
      const result = type.read(text, options);
      return result.ok ? result : { ...result, problem: `${result.problem}${words}` };
    },
  };
}

/** The same texts with another value. */
export function convert<T, U>(type: LabelType<T>, toValue: (value: T) => U): LabelType<U> {
  return { ...type, read: (text, options) => mapParsed(type.read(text, options), toValue) };
}
