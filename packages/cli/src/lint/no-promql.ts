import { withoutCredentials } from '@docker-flow/labels';
import type { PromqlProblem } from '../checkers/promql.js';
import type { LabelView } from './written/label-view.js';
import type { Finding } from './findings/finding.js';
import { placeInValue } from './findings/place-in-value.js';

/** Lines of each file. */
export type Sources = ReadonlyMap<string, readonly string[]>;

interface Asked {
  readonly code: string;
  readonly view: LabelView;
  readonly label: string;
  /** As the label says it. */
  readonly text: string;
  /** What became of it. */
  readonly expression: string;
}

/** A label whose expression is no PromQL, at the mistake where it can be found in the file. */
export function noPromql(
  { code, view, label, text, expression }: Asked,
  problem: PromqlProblem,
  sources: Sources,
): Finding {
  const written = view.written(label);
  const isOwnText = text === expression;
  const place =
    written && isOwnText && problem.offset !== undefined
      ? placeInValue(written, problem.offset, sources.get(written.place.file) ?? [])
      : undefined;
  return view.at(label, {
    code,
    severity: 'error',
    message: `${view.show(label)} is not PromQL: ${withoutPieces(problem.message, text)}`,
    ...(place ? { place } : {}),
  });
}

/** A checker repeats what it cannot read; where that holds a password or a token, it is left out. */
function withoutPieces(message: string, text: string): string {
  return withoutCredentials(text) === text ? message : message.replaceAll(/(["'<])[^]*\1|<[^>]*>/g, '…');
}
