/** Something in the configuration that is left out, while the rest works. */
export interface ConfigurationIssue {
  readonly variable: string;
  readonly value: string;
  readonly problem: string;
  readonly expected: string;
}

export function issueOf(
  variable: string,
  value: string,
  problem: string,
  expected: string,
): ConfigurationIssue {
  return { variable, value, problem, expected };
}

/** In one line: what is wrong, and what would be right. */
export function describeIssue({ variable, value, problem, expected }: ConfigurationIssue): string {
  return `${variable}=${JSON.stringify(value)} ${problem}; expected ${expected}`;
}
