import { mapParsed, unreadable } from '../../../values/parsed.js';
import { convert, type LabelType } from '../label-type.js';
import { plainListOf } from '../list.js';
import { CONTROLS, digitsPattern, matching, readOneLine } from '../pattern.js';

const HEADER_NAME = '[A-Za-z0-9_.!&*+^~-]{1,200}';

export const headerName = matching({
  name: 'header name',
  words: 'name of a header',
  pattern: HEADER_NAME,
  problem: 'is not a header name',
  expected: 'letters, digits and - _ . in the name',
  numbers: { type: 'number' },
});

/** A header a request must carry, value compared exactly. */
export interface HeaderMatch {
  readonly name: string;
  readonly value: string;
}

/** A pair without exactly one colon is dropped, as in the original, and told. */
const headerMatch: LabelType<HeaderMatch | undefined> = {
  name: 'name:value pair',
  words: '`name:value`',
  schema: { pattern: `${HEADER_NAME}(?:(?![${CONTROLS}])\\s)*:[^:,${CONTROLS}]*` },
  read(pair) {
    const line = readOneLine(pair);
    if (!line.ok) return line;
    const [name = '', value, ...rest] = pair.split(':').map((part) => part.trim());
    if (value === undefined || rest.length > 0)
      return {
        ...unreadable('does not have exactly one colon and is dropped', 'name:value'),
        instead: { value: undefined },
      };
    return mapParsed<string, HeaderMatch>(headerName.read(name), (checked) => ({ name: checked, value }));
  },
};

export const headerMatches: LabelType<readonly HeaderMatch[]> = convert(plainListOf(headerMatch), (matches) =>
  matches.filter((match) => match !== undefined),
);

/** Methods are capital letters; nobody means others. */
export const method: LabelType<string> = matching(
  {
    name: 'method',
    words: 'HTTP method such as `GET`',
    pattern: '[A-Za-z][A-Za-z0-9_-]{0,30}',
    problem: 'is not an HTTP method',
    expected: 'a method such as GET',
  },
  (text) => text.toUpperCase(),
);

/** How many requests (in tcp and sni mode connections) one client address may make in a time. */
export interface RateLimit {
  readonly count: number;
  readonly periodSeconds: number;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };
const DAY_SECONDS = 86_400;

const PERIODS = Object.entries(UNIT_SECONDS).map(
  ([unit, seconds]) => `(?:${digitsPattern({ min: 1, max: DAY_SECONDS / seconds, width: 5 })})?${unit}`,
);

/** `100/10s`: so many in so long. */
export const rate: LabelType<RateLimit> = matching(
  {
    name: 'rate',
    words: 'rate such as `100/10s`, `1000/m`, `5000/h`: a count and a time of at most a day',
    pattern: `${digitsPattern({ min: 1, width: 7 })}/(?:${PERIODS.join('|')})`,
    problem: 'is not a rate',
    expected: 'a count and a time of at most a day, such as 100/10s or 1000/m',
  },
  (text) => {
    const [, count, amount, unit = ''] = /^([0-9]+)\/([0-9]*)([smh])$/.exec(text) ?? [];
    return {
      count: Number(count),
      periodSeconds: (amount === '' ? 1 : Number(amount)) * (UNIT_SECONDS[unit] ?? 0),
    };
  },
);
