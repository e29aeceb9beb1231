/** A cron expression that is none; the message says what is wrong. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

/** The five fields, each as the numbers it allows. */
export interface Cron {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  /** 1 to 12. */
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  /** With both days restricted, either is enough. */
  readonly isEitherDay: boolean;
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names for the numbers from `min` on. */
  readonly names?: readonly string[];
}

const FIELDS = {
  minutes: { name: 'minute', min: 0, max: 59 },
  hours: { name: 'hour', min: 0, max: 23 },
  days: { name: 'day', min: 1, max: 31 },
  months: {
    name: 'month',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  weekdays: {
    name: 'weekday',
    min: 0,
    max: 6,
    names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
} as const satisfies Record<string, Field>;

/**
 * Reads five fields: minute, hour, day, month, weekday, as the cron library of KEDA does (robfig/cron, standard parser).
 *
 * @throws {CronError} naming the field
 */
export function parseCron(text: string): Cron {
  const parts = text.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = parts;
  if (parts.length !== 5 || !minute || !hour || !day || !month || !weekday)
    throw new CronError(
      `"${text}" is not a cron expression of five fields: minute, hour, day, month, weekday`,
    );
  const days = readField(day, FIELDS.days);
  const weekdays = readField(weekday, FIELDS.weekdays);
  return {
    minutes: readField(minute, FIELDS.minutes).numbers,
    hours: readField(hour, FIELDS.hours).numbers,
    days: days.numbers,
    months: readField(month, FIELDS.months).numbers,
    weekdays: weekdays.numbers,
    isEitherDay: !days.isAny && !weekdays.isAny,
  };
}

interface FieldValue {
  readonly numbers: ReadonlySet<number>;
  /** An asterisk without a step above 1: it restricts nothing. */
  readonly isAny: boolean;
}

function readField(text: string, field: Field): FieldValue {
  const numbers = new Set<number>();
  let isAny = false;
  for (const item of text.split(',')) {
    const { from, to, step, isStar } = readItem(item, field);
    for (let number = from; number <= to; number += step) numbers.add(number);
    isAny ||= isStar && step === 1;
  }
  return { numbers, isAny };
}

function readItem(item: string, field: Field) {
  const [range = '', stepText, ...more] = item.split('/');
  const [fromText = '', toText, ...rest] = range.split('-');
  const isStar = range === '*' || range === '?';
  const step = stepText === undefined ? 1 : Number(stepText);
  const isStep = stepText === undefined || /^\d+$/.test(stepText);
  if (more.length > 0 || rest.length > 0 || !isStep || step < 1) throw fieldError(item, field);
  const from = isStar ? field.min : readNumber(fromText, field);
  const to = isStar
    ? field.max
    : toText !== undefined
      ? readNumber(toText, field)
      : stepText === undefined
        ? from
        : field.max;
  if (from > to) throw fieldError(item, field);
  return { from, to, step, isStar };
}

function readNumber(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toLowerCase()) ?? -1;
  if (named >= 0) return field.min + named;
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(number >= field.min && number <= field.max)) throw fieldError(text, field);
  return number;
}

function fieldError(text: string, { name, min, max }: Field): CronError {
  return new CronError(`"${text}" is no ${name} of a cron expression (${min} to ${max})`);
}
