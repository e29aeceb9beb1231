import type { Finding } from '../lint/findings/finding.js';
import { readStack } from '../stack/read-stack.js';
import { editOf, type Edit } from './edit-of.js';
import { sourceText } from './source-text.js';

interface Fixed {
  readonly text: string;
  /** How many findings were mended. */
  readonly count: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Mends what has exactly one right answer and changes nothing else: an edit by which more would change is left out. */
export function fixText(text: string, findings: readonly Finding[], environment: Environment): Fixed {
  const source = sourceText(text);
  const edits = findings
    .flatMap((finding) => editOf(finding, source, environment) ?? [])
    // From the end, so that the places before stay what they are.
    .sort((a, b) => b.from - a.from || b.to - a.to);
  let current = text;
  let count = 0;
  let earliest = text.length + 1;
  for (const edit of edits) {
    if (edit.to > earliest) continue;
    const next = current.slice(0, edit.from) + edit.text + current.slice(edit.to);
    if (!changesOneLabel(current, next, edit, environment)) continue;
    current = next;
    earliest = edit.from;
    count += 1;
  }
  return { text: current, count };
}

/** Whether the labels of both texts are the same but for those that stand where the edit is. */
function changesOneLabel(before: string, after: string, edit: Edit, environment: Environment): boolean {
  const line = before.slice(0, edit.from).split(/\r\n|\n|\r/).length;
  const lastLine = before.slice(0, edit.to).split(/\r\n|\n|\r/).length;
  const elsewhere = (text: string) => {
    const stack = readStack([{ name: 'stack', bytes: Buffer.from(text) }], { name: 'stack', environment });
    const isHere = (place: { readonly line: number }) => place.line >= line && place.line <= lastLine;
    return JSON.stringify([
      stack.services.map(({ name, labels, containerLabels }) => [
        name,
        [...labels, ...containerLabels]
          .filter(({ place }) => !isHere(place))
          .map((one) => [one.name, one.value]),
      ]),
      stack.problems.filter(({ place }) => !isHere(place)).map(({ code, message }) => [code, message]),
    ]);
  };
  const problems = (text: string) =>
    readStack([{ name: 'stack', bytes: Buffer.from(text) }], { name: 'stack', environment }).problems.length;
  return elsewhere(before) === elsewhere(after) && problems(after) <= problems(before);
}
