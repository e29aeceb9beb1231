import { createRequire } from 'node:module';
import type * as Grammar from '@prometheus-io/lezer-promql';

let parse: ReturnType<typeof loadParser> | undefined;

/** The selectors of an expression of PromQL, such as `up{job="web"}`, without ranges and offsets; none of what is not PromQL. */
export function selectorsOf(expression: string): readonly string[] {
  parse ??= loadParser();
  const found: string[] = [];
  parse(expression).iterate({
    enter({ name, from, to }) {
      if (name === 'VectorSelector') found.push(expression.slice(from, to));
    },
  });
  return found;
}

/** Prometheus's own grammar for editors. Its ES modules do not load in Node. Who scales nothing on targets never loads it. */
function loadParser() {
  const { parser } = createRequire(import.meta.url)('@prometheus-io/lezer-promql') as typeof Grammar;
  const promql = parser.configure({ top: 'PromQL' });
  return (text: string) => promql.parse(text);
}
