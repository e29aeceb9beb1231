import { listOf } from '../list.js';
import { anyCase, matching } from '../pattern.js';

const SIGN = '[A-Za-z0-9_.!&+^~-]';
const NAME = `${SIGN}{1,200}`;

/** Names of the headers that a program sees, or all of them. */
export const requestHeaderNames = listOf(
  matching({
    name: 'header name',
    words: 'name of a header, or `*` for all',
    pattern: `${NAME}|\\*`,
    problem: 'is not a header name',
    expected: 'names of headers, or * for all',
    numbers: { type: 'number' },
  }),
);

/** Headers that hold a message together: one that were taken out of it would change what it says. */
const FRAMING = [
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Servers may take `_` for `-`. */
const inAnyWriting = (word: string) => anyCase(word).replaceAll('-', '[-_]');

/** `te` as `[tT](?:[eE])?`: every beginning of the word but the empty one. */
function beginningOf(word: string): string {
  return Array.from(word).reduceRight(
    (rest, sign) => `${inAnyWriting(sign)}${rest === '' ? '' : `(?:${rest})?`}`,
    '',
  );
}

const IS_FRAMING = `(?!(?:${FRAMING.map(inAnyWriting).join('|')})(?!${SIGN}|\\*))`;
const TAKES_FRAMING = `(?!(?:${FRAMING.map(beginningOf).join('|')})\\*)`;

/** Names of headers that tell who somebody is; an asterisk at the end stands for all that begin so. */
export const identityHeaderNames = listOf(
  matching({
    name: 'header name',
    words: 'name of a header, `*` at its end for all that begin so; none that holds a message together',
    pattern: `${IS_FRAMING}${TAKES_FRAMING}${NAME}\\*?`,
    problem: 'is not the name of a header that an auth server may set',
    expected: 'names such as Remote-User or X-Authentik-*',
    numbers: { type: 'number' },
  }),
);

/** A header or cookie that chooses: by the words `always` and `never`, or by one value. */
export interface Chooser {
  readonly name: string;
  /** Absent: by the words. */
  readonly value: string | undefined;
}

function readChooser(text: string): Chooser {
  const [, name = '', value] = /^([^:]+?)\s*(?::\s*(.*))?$/.exec(text) ?? [];
  return { name, value };
}

export const headerChooser = matching(
  {
    name: 'header that chooses',
    words: '`name` or `name:value` of a header',
    pattern: `${NAME}(?: *: *[!-~](?:[ -~]{0,200}[!-~])?)?`,
    problem: 'is not a header that chooses',
    expected: 'name or name:value',
    numbers: { type: 'number' },
  },
  readChooser,
);

export const cookieChooser = matching(
  {
    name: 'cookie that chooses',
    words: '`name` or `name:value` of a cookie',
    pattern: `${NAME}(?: *: *[!#-+./0-9:<-\\[\\]-~-]{1,200})?`,
    problem: 'is not a cookie that chooses',
    expected: 'name or name:value',
    numbers: { type: 'number' },
  },
  readChooser,
);
