/** Nobody reads longer ones, and Prometheus would spend its time on them. */
export const LONGEST_EXPRESSION = 16_384;
/** Of parentheses, brackets and braces: promtool takes minutes for 200,000 of them. */
export const DEEPEST_NESTING = 200;

/**
 * Why an expression is not even shown to promtool; `undefined` when it is. Takes time in proportion to the text.
 */
export function expressionProblem(expression: string): string | undefined {
  if (expression.length > LONGEST_EXPRESSION)
    return `the expression has ${expression.length} characters; expected at most ${LONGEST_EXPRESSION}`;
  return nestingOf(expression) > DEEPEST_NESTING
    ? `the expression is nested more than ${DEEPEST_NESTING} levels deep; expected fewer parentheses`
    : undefined;
}

/** Signs within texts and comments do not count. */
function nestingOf(expression: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < expression.length; i += 1) {
    const sign = expression.charAt(i);
    if (sign === '"' || sign === "'" || sign === '`') i = endOfText(expression, i, sign);
    else if (sign === '#') i = endOfComment(expression, i);
    else if ('([{'.includes(sign)) deepest = Math.max(deepest, (depth += 1));
    else if (')]}'.includes(sign)) depth -= 1;
  }
  return deepest;
}

function endOfText(expression: string, start: number, quote: string): number {
  for (let i = start + 1; i < expression.length; i += 1) {
    const sign = expression.charAt(i);
    if (sign === '\\' && quote !== '`') i += 1;
    else if (sign === quote) return i;
  }
  return expression.length;
}

function endOfComment(expression: string, start: number): number {
  const end = expression.indexOf('\n', start);
  return end < 0 ? expression.length : end;
}
