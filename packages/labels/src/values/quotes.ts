/**
 * What stands in a value that is wholly within one pair of quotes; `undefined` for every other value. In the list
 * form of a stack file (`- com.df.port="8080"`) quotes are part of the value, and nobody means them.
 *
 * The first and the last sign are the same quote, and that quote stands nowhere between: `"a" or "b"` is not quoted.
 */
export function withoutQuotes(value: string): string | undefined {
  const quote = value[0];
  if ((quote !== '"' && quote !== "'") || value.length < 2) return undefined;
  return value.indexOf(quote, 1) === value.length - 1 ? value.slice(1, -1) : undefined;
}
