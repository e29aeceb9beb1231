/**
 * One thing that could not be read, as a value: the label's owner is told, nobody else is hurt.
 * `label` is the name without prefix and with its index (`port.2`), `value` what stood there,
 * `problem` what is wrong with it and `expected` what would be right.
 */
export interface Issue {
  readonly service: string;
  readonly label: string;
  readonly value: string;
  readonly problem: string;
  readonly expected: string;
}

/** A value that was read, or the reason why it could not be. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: string; readonly expected: string };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function unreadable(problem: string, expected: string): Parsed<never> {
  return { ok: false, problem, expected };
}

const SHOWN_VALUE = 120;

/**
 * One readable line that names service, label, value and what would be right. Control characters of
 * the value are escaped and long values are cut, so a label cannot forge a log line.
 */
export function formatIssue(issue: Issue): string {
  const value = JSON.stringify(
    issue.value.length > SHOWN_VALUE ? `${issue.value.slice(0, SHOWN_VALUE)}…` : issue.value,
  );
  return `service ${issue.service}: label ${issue.label}=${value} ${issue.problem}; expected ${issue.expected}`;
}
