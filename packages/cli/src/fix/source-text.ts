import type { Place } from '../yaml/placed.js';

/** A text whose places can be looked up. */
export interface SourceText {
  readonly text: string;
  /** Where a place begins and ends in the text. */
  readonly rangeOf: (place: Place) => readonly [from: number, to: number];
}

export function sourceText(text: string): SourceText {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  const lines = [start];
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) lines.push(index + end.length);
  const at = (line: number, column: number) => (lines[line - 1] ?? text.length) + column - 1;
  return {
    text,
    rangeOf: ({ line, column, endLine, endColumn }) => [at(line, column), at(endLine, endColumn)],
  };
}
