// The main entry of zod loads its messages in all languages, which is 10 MB of memory in every program.
import { z } from 'zod/v3';
import { readBoolean, readDuration, readInteger, type Parsed } from '@docker-flow/labels';
import { invalidEnvironment } from './problem-list.js';

export type Environment = Readonly<Record<string, string | undefined>>;

type Variable<T> = z.ZodType<T, z.ZodTypeDef, string | undefined>;

/** A variable with a reader of its own; an unreadable text is reported with all other problems. */
export function variable<T>(read: (text: string | undefined) => Parsed<T>): Variable<T> {
  return z
    .string()
    .optional()
    .transform((text, context) => {
      const result = read(text);
      if (result.ok) return result.value;
      context.addIssue({
        code: 'custom',
        message: `${JSON.stringify(text)} ${result.problem}; expected ${result.expected}`,
      });
      return z.NEVER;
    });
}

/** Any text; unset and empty give `fallback`. */
export function text(fallback = ''): Variable<string> {
  return variable((value) => ({ ok: true, value: value === undefined || value === '' ? fallback : value }));
}

/** Any text; unset and empty give `undefined`. */
export function optionalText(): Variable<string | undefined> {
  return variable((value) => ({ ok: true, value: value === '' ? undefined : value }));
}

export interface IntegerRules {
  readonly min?: number;
  readonly max?: number;
  /** Whether a variable that is set but empty counts as unset (default) or as unreadable. */
  readonly emptyIsUnset?: boolean;
}

/** A decimal integer; unset gives `fallback`, anything unreadable is a problem. */
export function integer(fallback: number, rules: IntegerRules = {}): Variable<number> {
  const { emptyIsUnset = true, ...range } = rules;
  return variable((value) => {
    if (value === undefined || (value === '' && emptyIsUnset)) return { ok: true, value: fallback };
    return readInteger(value, range);
  });
}

/**
 * A Prometheus duration such as `30s` or `1m30s`, or a number of seconds, as milliseconds; unset and empty give the
 * fallback.
 */
export function duration(fallbackMs: number): Variable<number> {
  return variable((value) => {
    if (value === undefined || value === '') return { ok: true, value: fallbackMs };
    return readDuration(/^[0-9]+$/.test(value) ? `${value}s` : value);
  });
}

/** A number of seconds, or a Prometheus duration such as `30s`, as seconds; unset and empty give the fallback. */
export function seconds(fallback: number, rules: IntegerRules = {}): Variable<number> {
  const { min, max, emptyIsUnset = true } = rules;
  const range = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return variable((value) => {
    if (value === undefined || (value === '' && emptyIsUnset)) return { ok: true, value: fallback };
    if (/^[+-]?[0-9]+$/.test(value)) return readInteger(value, range);
    const written = readDuration(value);
    if (!written.ok)
      return {
        ok: false,
        problem: 'is not a time',
        expected: 'seconds such as 30, or a duration such as 30s',
      };
    const inRange = readInteger(String(Math.ceil(written.value / 1_000)), range);
    return inRange.ok ? { ok: true, value: written.value / 1_000 } : inRange;
  });
}

/** `true`/`false` in the spellings of the originals; unset gives `fallback`, anything unreadable is a problem. */
export function boolean(
  fallback: boolean,
  { emptyIsUnset = true }: { emptyIsUnset?: boolean } = {},
): Variable<boolean> {
  return variable((value) => {
    if (value === undefined || (value === '' && emptyIsUnset)) return { ok: true, value: fallback };
    return readBoolean(value);
  });
}

/** A comma separated list; items are trimmed and empty ones dropped. */
export function list(fallback: readonly string[] = []): Variable<readonly string[]> {
  return variable((value) => {
    if (value === undefined) return { ok: true, value: fallback };
    return {
      ok: true,
      value: value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
    };
  });
}

/** One of the given words; unset and empty give the first of them or `fallback`. */
export function choice<const T extends string>(choices: readonly T[], fallback: T): Variable<T> {
  return variable((value) => {
    if (value === undefined || value === '') return { ok: true, value: fallback };
    const found = choices.find((one) => one === value);
    return found === undefined
      ? { ok: false, problem: 'is not known', expected: `one of ${choices.join(', ')}` }
      : { ok: true, value: found };
  });
}

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `:port` or `[v6]:port`; unset gives the fallback. */
export function listenAddress(
  fallback: ListenAddress = { host: '0.0.0.0', port: 8080 },
): Variable<ListenAddress> {
  return variable((value) => {
    if (value === undefined || value === '') return { ok: true, value: fallback };
    const match = /^(?:\[([^\]]+)\]|([^:[\]]*)):([0-9]{1,5})$/.exec(value);
    const port = Number(match?.[3]);
    if (!match || port > 65_535)
      return { ok: false, problem: 'is not an address to listen on', expected: 'host:port or :port' };
    const host = match[1] ?? match[2] ?? '';
    return { ok: true, value: { host: host === '' ? fallback.host : host, port } };
  });
}

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The level of the log: `LOG_LEVEL`, default info. */
export function logLevel(): Variable<LogLevel> {
  return choice(LOG_LEVELS, 'info');
}

/**
 * Reads variables through a shape whose keys are the variables' names. The result is frozen.
 *
 * @throws {InvalidConfigurationError} with every problem at once, each naming variable, value and what would be right
 */
export function readEnvironment<S extends z.ZodRawShape>(
  shape: S,
  environment: Environment,
): Readonly<z.output<z.ZodObject<S>>> {
  const result = z.object(shape).safeParse(environment);
  if (result.success) return Object.freeze(result.data);
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}=${issue.message}`);
  throw invalidEnvironment(problems);
}
