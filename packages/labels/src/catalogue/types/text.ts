import { parsed } from '../../values/parsed.js';
import { convert, type LabelType } from './label-type.js';
import { ANY, CONTROLS, matching } from './pattern.js';

/** Any text. */
export const anyText: LabelType<string> = {
  name: 'text',
  words: 'text',
  schema: { pattern: ANY, numbers: { type: 'number' } },
  read: (text) => parsed(text),
};

/** Any text on one line. */
export const text = oneLine('text', 'text');

/** Text on one line under a name of its own. */
export function oneLine(name: string, words: string): LabelType<string> {
  return matching({
    name,
    words,
    pattern: `[^${CONTROLS}]*`,
    problem: 'is not one line',
    expected: 'text on one line',
    numbers: { type: 'number' },
  });
}

export const path = oneLine('path', 'path');

const PATH_SIGN = '[!"$-.0-9:-~\\u00a0-\\u2027\\u202a-\\ufffd]';

/** A path that begins with a slash, without query. */
export const rootedPath = matching({
  name: 'path',
  words: 'path that begins with a slash',
  pattern: `/(?:(?!\\?|#)(?:/|${PATH_SIGN})){0,2000}`,
  problem: 'is not a path',
  expected: 'a path such as /api/health',
});

/** What a server is asked for: as it goes into a request, encoded where it has to be. */
export const requestTarget = matching({
  name: 'path with query',
  words: 'path that begins with a slash, and query',
  pattern: '/(?!\\S*#)[!-~]{0,2000}',
  problem: 'is not a path',
  expected: 'a path such as /health',
});

/** The dialect is that of the program which uses it, and only that program can check it. */
export const regularExpression = oneLine('regular expression', 'regular expression');

/** Words with blanks between them, on one line. */
export const words: LabelType<readonly string[]> = {
  ...convert(text, (line) => line.split(/\s+/).filter(Boolean)),
  name: 'words',
  words: 'words, separated by blanks',
};

/** Words with blanks or commas between them, on one line. */
export const wordsOrList: LabelType<readonly string[]> = {
  ...convert(text, (line) => line.split(/[\s,]+/).filter(Boolean)),
  name: 'words',
  words: 'words, separated by commas or blanks',
};

/** A name that HAProxy takes for a section, server or cookie. */
export const name = matching({
  name: 'name',
  words: 'name: letters, digits and `_` `.` `:` `-`',
  pattern: '[A-Za-z0-9_.:-]{1,200}',
  problem: 'is not a name',
  expected: 'letters, digits and _ . : - (at most 200)',
  numbers: { type: 'number' },
});

/** Part of the name of a Swarm secret, which is a file name. */
export const secretName = matching({
  name: 'name of a secret',
  words: 'name: letters, digits and `_` `.` `-`',
  pattern: '(?!\\.)[A-Za-z0-9_.-]{1,200}',
  problem: 'is not the name of a secret',
  expected: 'letters, digits and _ . -',
  numbers: { type: 'number' },
});

/** A certificate with its key; line ends may be written as the two characters `\n`. */
export const pem: LabelType<string> = {
  ...anyText,
  name: 'PEM',
  words: 'PEM, line ends written as `\\n`',
  read: (value) => parsed(value.replaceAll('\\n', '\n')),
};

/** Name of a profile of an ACME authority. */
export const profile = matching({
  name: 'profile',
  words: 'name: letters, digits and `_` `.` `-`',
  pattern: '[A-Za-z0-9_.-]{1,100}',
  problem: 'is not the name of a profile',
  expected: 'letters, digits and _ . -',
  numbers: { type: 'number' },
});
