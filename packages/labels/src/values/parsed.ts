import { withoutCredentials } from './credentials.js';

/**
 * One thing that could not be read, as a value: the label's owner is told, nobody else is hurt.
 * `label` is the name without prefix and with its index (`port.2`), `value` what stood there (empty for
 * labels that hold secrets), `problem` what is wrong with it and `expected` what would be right.
 */
export interface Issue {
  readonly service: string;
  readonly label: string;
  readonly value: string;
  readonly problem: string;
  readonly expected: string;
  /** The whole value, mended; only where it is certain. */
  readonly suggestion?: string;
  /** Absent where the value cannot be read. */
  readonly kind?: IssueKind;
}

/** Why something is written and not in force as it is, although it can be read. */
export type IssueKind =
  'misspelt' | 'number' | 'obsolete' | 'quoted' | 'incomplete' | 'no-effect' | 'never-matches';

/** A text that could not be read, or not all of it. `problem` continues a sentence that begins with the value. */
export interface Unreadable<T = never> {
  readonly ok: false;
  readonly problem: string;
  readonly expected: string;
  /** The part of the text that is meant, when it is not all of it. */
  readonly part?: string;
  readonly suggestion?: string;
  readonly kind?: IssueKind;
  /** What counts in its place; without it nothing does. */
  readonly instead?: { readonly value: T };
}

/** A value that was read, or the reason why it could not be. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Unreadable<T>;

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function unreadable(problem: string, expected: string): Unreadable {
  return { ok: false, problem, expected };
}

/** The same result with another value. */
export function mapParsed<T, U>(result: Parsed<T>, toValue: (value: T) => U): Parsed<U> {
  if (result.ok) return parsed(toValue(result.value));
  const { instead, ...problem } = result;
  return instead ? { ...problem, instead: { value: toValue(instead.value) } } : problem;
}

const SHOWN_VALUE = 120;

/**
 * One readable line that names service, label, value and what would be right. Control characters of
 * the value are escaped and long values are cut, so a label cannot forge a log line.
 */
export function formatIssue(issue: Issue): string {
  const value = quoteValue(issue.value);
  return `service ${issue.service}: label ${issue.label}=${value} ${issue.problem}; expected ${issue.expected}`;
}

/** A value in quotes, on one line and not longer than people read, without passwords in addresses. */
export function quoteValue(value: string): string {
  const safe = withoutCredentials(value);
  return JSON.stringify(safe.length > SHOWN_VALUE ? `${safe.slice(0, SHOWN_VALUE)}…` : safe);
}
