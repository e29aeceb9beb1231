import { readPrometheusDuration } from '@docker-flow/labels';

/** What a value of a built-in shortcut has to be; the kind follows from the name of the parameter. */
interface ValueRule {
  readonly expected: string;
  readonly accepts: (text: string) => boolean;
}

const NUMBER = /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

function numberIn(expected: string, isInRange: (value: number) => boolean): ValueRule {
  return { expected, accepts: (text) => NUMBER.test(text) && isInRange(Number(text)) };
}

function durationSuchAs(example: string): ValueRule {
  return {
    expected: `a duration such as ${example}`,
    accepts: (text) => (readPrometheusDuration(text)?.ms ?? 0) > 0,
  };
}

const SHARE = numberIn('a number from 0 to 1', (value) => value <= 1);
const NOT_NEGATIVE = numberIn('a number that is not negative', Number.isFinite);

const RULES: Readonly<Record<string, ValueRule>> = {
  SHARE,
  QUANTILE: SHARE,
  // An objective of 1 leaves no budget, one above it makes no sense: 99.9 is meant as 0.999.
  OBJECTIVE: numberIn('a number between 0 and 1, such as 0.999', (value) => value > 0 && value < 1),
  BOUND: numberIn('a number of seconds, written as in the label le', (value) => value > 0),
  SECONDS: numberIn('a number of seconds', Number.isFinite),
  HOURS: numberIn('a number of hours above 0', (value) => value > 0 && Number.isFinite(value)),
  FACTOR: numberIn('a number above 0, such as 1.5', (value) => value > 0 && Number.isFinite(value)),
  COUNT: NOT_NEGATIVE,
  RATE: NOT_NEGATIVE,
  WINDOW: durationSuchAs('5m'),
  DURATION: durationSuchAs('14d'),
};

/**
 * What would be right for the value of a parameter; `undefined` when the value is right. A text that is not a number,
 * or a share above 1, makes an expression that Prometheus accepts and that never (or always) fires.
 */
export function expectedInstead(parameter: string, value: string): string | undefined {
  const rule = RULES[parameter];
  return rule === undefined || rule.accepts(value.trim()) ? undefined : rule.expected;
}
