import { createRequire } from 'node:module';
import type * as Language from '@codemirror/language';
import type * as State from '@codemirror/state';
import type * as PromqlParser from '@prometheus-io/codemirror-promql/dist/cjs/parser/parser.js';
import type * as PromqlType from '@prometheus-io/codemirror-promql/dist/cjs/parser/type.js';
import type * as Grammar from '@prometheus-io/lezer-promql';

/** What is wrong with an expression. */
export interface PromqlProblem {
  readonly message: string;
  /** Characters before the mistake; absent where it is the whole expression. */
  readonly offset?: number;
}

/** Tells what is wrong with an expression, if anything is. */
export type CheckPromql = (expression: string) => PromqlProblem | undefined;

/** The node that the grammar puts where it cannot go on. */
const ERROR_NODE = 0;

/**
 * Prometheus's own grammar and type checks for editors, for machines without promtool. Its ES modules do not load in
 * Node, and a second copy of the editor's state would not know the first one's, so all of it is loaded with `require`.
 */
export function loadPromql(): CheckPromql {
  const require = createRequire(import.meta.url);
  const { parser } = require('@prometheus-io/lezer-promql') as typeof Grammar;
  const { EditorState } = require('@codemirror/state') as typeof State;
  const { LRLanguage, ensureSyntaxTree, syntaxTreeAvailable } =
    require('@codemirror/language') as typeof Language;
  const { Parser } =
    require('@prometheus-io/codemirror-promql/dist/cjs/parser/parser.js') as typeof PromqlParser;
  const { getType } =
    require('@prometheus-io/codemirror-promql/dist/cjs/parser/type.js') as typeof PromqlType;
  const promql = parser.configure({ top: 'PromQL' });
  const language = LRLanguage.define({ parser: promql });

  // The types of ES modules and of what `require` loads differ in name only.
  return (expression) => {
    const tree = promql.parse(expression);
    let offset: number | undefined;
    tree.iterate({
      enter({ type, from }) {
        if (type.id === ERROR_NODE) offset ??= from;
      },
    });
    if (offset !== undefined) {
      const rest = expression.slice(offset).trim();
      const found = rest === '' ? 'the end of the expression' : JSON.stringify(rest.slice(0, SHOWN));
      return { message: `${found} was not expected here`, offset };
    }
    let state = EditorState.create({ doc: expression, extensions: [language] });
    if (!syntaxTreeAvailable(state, expression.length)) {
      ensureSyntaxTree(state, expression.length, LONGEST_PARSE_MS);
      state = state.update({}).state;
    }
    if (!syntaxTreeAvailable(state, expression.length)) return undefined;
    const checked = new Parser(state as never);
    checked.analyze();
    const problem = checked.getDiagnostics().find(({ severity }) => severity === 'error');
    if (problem) return { message: problem.message, offset: problem.from };
    const type = getType(tree.topNode.firstChild as never) as string;
    return type === 'matrix' || type === 'string' ? { message: WRONG_TYPES[type] } : undefined;
  };
}

/**
 * An editor reads for 20 ms at a time, and half a tree has other types: on a busy machine that is not enough. What is not
 * read in this time is not judged.
 */
const LONGEST_PARSE_MS = 10_000;
const SHOWN = 20;
const WRONG_TYPES = {
  matrix:
    'the expression is a range vector, of which no alert can be made; expected an instant vector or a number',
  string: 'the expression is a text, of which no alert can be made; expected an instant vector or a number',
} as const;
