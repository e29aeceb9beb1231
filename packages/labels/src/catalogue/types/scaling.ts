import { parsed } from '../../values/parsed.js';
import { readDuration, DURATION_PATTERN } from '../../values/duration.js';
import type { LabelType } from './label-type.js';
import { CONTROLS, digitsPattern, matching } from './pattern.js';

const DECIMAL = '[0-9]{1,15}(?:\\.[0-9]{1,15})?';
const NOT_ZERO = '(?=[0-9.]*[1-9])';

/** A number of at least 0, with or without a fraction. */
export const share: LabelType<number> = {
  ...matching(
    {
      name: 'share',
      words: 'number such as `0.1`',
      pattern: DECIMAL,
      problem: 'is not a number of at least 0',
      expected: 'a number such as 0.1',
      numbers: { type: 'number', minimum: 0 },
    },
    Number,
  ),
};

/** The same above 0. */
export const positiveNumber: LabelType<number> = {
  ...matching(
    {
      name: 'number above 0',
      words: 'number above 0',
      pattern: `${NOT_ZERO}${DECIMAL}`,
      problem: 'is not a number above 0',
      expected: 'a number above 0 such as 50 or 0.2',
      numbers: { type: 'number', minimum: 0, not: { const: 0 } },
    },
    Number,
  ),
};

/** What a metric is to be kept at. */
export interface TargetValue {
  /** `percent`: of what the tasks have reserved. */
  readonly unit: 'number' | 'percent';
  readonly value: number;
}

/** A number above 0, or a percentage of the reservation. */
export const targetValue: LabelType<TargetValue> = {
  ...matching(
    {
      name: 'target',
      words: 'number above 0, or percentage of the reservation such as `70%`',
      pattern: `${NOT_ZERO}${DECIMAL}%?`,
      problem: 'is not a target',
      expected: 'a number above 0 such as 50 or 0.2, or a percentage of the reservation such as 70%',
      numbers: { type: 'number', minimum: 0, not: { const: 0 } },
    },
    (text): TargetValue => ({
      unit: text.endsWith('%') ? 'percent' : 'number',
      value: Number(text.replace('%', '')),
    }),
  ),
};

/** A duration, or a number of seconds; read as seconds. */
export const timeSpan: LabelType<number> = {
  name: 'time span',
  words: 'duration such as `30s` or `5m`, or a number of seconds',
  schema: {
    pattern: `${DURATION_PATTERN}|[0-9]{1,9}`,
    numbers: { type: 'integer', minimum: 0, maximum: 999_999_999 },
  },
  read(text) {
    if (/^[0-9]{1,9}$/.test(text)) return parsed(Number(text));
    const read = readDuration(text);
    if (read.ok) return parsed(read.value / 1_000);
    return { ...read, expected: 'a duration such as 30s or 5m, or a number of seconds' };
  },
};

/** How many tasks, or what part of them, may come or go in a period. */
export interface Rate {
  readonly type: 'tasks' | 'percent';
  readonly value: number;
  readonly periodSeconds: number;
}

const RATE = `${digitsPattern({ min: 1, max: 1_000_000, width: 7 })}%?/${digitsPattern({ min: 1, max: 1_800, width: 4 })}s`;

/** Rates with commas between them: `4/15s,100%/15s`. */
export const rates: LabelType<readonly Rate[]> = matching(
  {
    name: 'rates',
    words: 'tasks or percentages for periods of up to 1800 seconds, `4/15s,100%/15s`',
    pattern: `${RATE}(?: *, *${RATE}){0,19}`,
    problem: 'is not a list of rates',
    expected: 'tasks/seconds or percent/seconds with commas between them, such as 4/15s,100%/15s',
  },
  (text) =>
    text.split(',').map((item): Rate => {
      const [, value, percent, seconds] = /^ *([0-9]+)(%?)\/([0-9]+)s *$/.exec(item) ?? [];
      return {
        type: percent === '%' ? 'percent' : 'tasks',
        value: Number(value),
        periodSeconds: Number(seconds),
      };
    }),
);

const FALLBACKS = [
  'static',
  'currentReplicas',
  'currentReplicasIfHigher',
  'currentReplicasIfLower',
  'formula',
] as const;

/** What counts in place of a metric that fails. */
export interface FallbackRule {
  /** Failed looks in a row after which it counts. */
  readonly failures: number;
  readonly replicas: number;
  readonly behavior: (typeof FALLBACKS)[number];
}

/** `failures:replicas[:behaviour]`. */
export const fallback: LabelType<FallbackRule> = matching(
  {
    name: 'fallback',
    words:
      '`failures:replicas`, and after another colon `static`, `currentReplicas`, `currentReplicasIfHigher`, `currentReplicasIfLower` or `formula`',
    pattern: `[0-9]{1,6}:[0-9]{1,6}(?::(?:${FALLBACKS.join('|')}))?`,
    problem: 'is not a fallback',
    expected: `failed looks and replicas, such as 3:4, and perhaps one of ${FALLBACKS.join(', ')}`,
  },
  (text) => {
    const [failures, replicas, behavior] = text.split(':');
    return {
      failures: Number(failures),
      replicas: Number(replicas),
      behavior: FALLBACKS.find((one) => one === behavior) ?? 'static',
    };
  },
);

const CRON_FIELD = '[0-9A-Za-z*?,/-]{1,200}';

/** Five fields; what stands in each is looked at by the scaler. */
export const cron = matching({
  name: 'cron',
  words: 'five fields: minute, hour, day, month, weekday',
  pattern: `${CRON_FIELD}(?: +${CRON_FIELD}){4}`,
  problem: 'is not a cron expression',
  expected: 'minute, hour, day, month and weekday with blanks between them, such as 0 8 * * 1-5',
});

/** A time zone by its name in the IANA database. */
export const timeZone = matching({
  name: 'time zone',
  words: 'name such as `Europe/Berlin`',
  pattern: '[A-Za-z][A-Za-z0-9_+/-]{0,63}',
  problem: 'is not the name of a time zone',
  expected: 'a name such as UTC or Europe/Berlin',
});

/** PromQL, a shortcut or a formula: longer ones are a mistake. */
export const expression = matching({
  name: 'expression',
  words: 'expression on one line',
  pattern: `[^${CONTROLS}]{1,8192}`,
  problem: 'is not an expression on one line of at most 8192 characters',
  expected: 'a shorter expression, on one line',
  numbers: { type: 'number' },
});
