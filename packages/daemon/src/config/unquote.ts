import { withoutQuotes } from '@docker-flow/labels';
import type { Environment } from './environment.js';

/**
 * The environment with these variables, and the `…_FILE` of each, read without quotes around their whole value, as the list
 * form of a stack file keeps them (`- NAME="value"`), and a warning for each. Values are not shown: some are secrets.
 */
export function withoutQuotedValues(
  environment: Environment,
  names: readonly string[],
): { readonly environment: Environment; readonly warnings: readonly string[] } {
  const result: Record<string, string | undefined> = { ...environment };
  const warnings: string[] = [];
  for (const name of new Set(names.flatMap((one) => [one, `${one}_FILE`]))) {
    const inner = withoutQuotes(environment[name] ?? '');
    if (inner === undefined) continue;
    result[name] = inner;
    warnings.push(`${name} is in quotes and read without them; expected no quotes around the value`);
  }
  return { environment: result, warnings };
}
