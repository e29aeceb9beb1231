import { splitList } from '@docker-flow/labels';
import type { AlertSubject, Expansion, Shortcuts } from './shortcut.js';

/** What a condition becomes: its expression, and what shortcuts add to labels and annotations. */
export function expandCondition(subject: AlertSubject, shortcuts: Shortcuts): Expansion {
  if (!subject.condition.startsWith('@'))
    return { ok: true, expression: subject.condition, annotations: {}, labels: {} };
  const parts = splitAtOperators(subject.condition);
  const [only] = parts;
  return parts.length === 1 && only
    ? expandOne(only.text, subject, shortcuts, 'whole')
    : expandParts(parts, subject, shortcuts);
}

interface Part {
  readonly text: string;
  /** What joins it to the next part; `undefined` for the last one. */
  readonly operator: string | undefined;
}

/** An operator counts only directly before an `@`, so that names such as `@cpu_and_mem` work. */
function splitAtOperators(condition: string): readonly Part[] {
  const pieces = condition.split(/_(and|unless|or)_(?=@)/);
  const parts: Part[] = [];
  for (let i = 0; i < pieces.length; i += 2) parts.push({ text: pieces[i] ?? '', operator: pieces[i + 1] });
  return parts;
}

function expandOne(
  text: string,
  subject: AlertSubject,
  shortcuts: Shortcuts,
  form: 'whole' | 'part',
): Expansion {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const values = colon < 0 ? [''] : splitList(text.slice(colon + 1));
  const shortcut = shortcuts.get(name);
  return shortcut
    ? shortcut.expand(subject, values, form)
    : { ok: false, reason: `there is no shortcut named ${name}; expected one that /shortcuts lists` };
}

/** Expressions and annotations are joined by the operators; labels come only from the caller. */
function expandParts(parts: readonly Part[], subject: AlertSubject, shortcuts: Shortcuts): Expansion {
  let expression = '';
  let expressionJoin = '';
  const annotations = new Map<string, { text: string; join: string }>();
  const unusedValues: string[] = [];
  for (const { text, operator } of parts) {
    const expansion = expandOne(text, subject, shortcuts, 'part');
    if (!expansion.ok) return expansion;
    const join = ` ${operator} `;
    expression += expressionJoin + expansion.expression;
    expressionJoin = join;
    unusedValues.push(...(expansion.unusedValues ?? []));
    for (const [key, value] of Object.entries(expansion.annotations)) {
      const before = annotations.get(key);
      annotations.set(key, { text: before ? before.text + before.join + value : value, join });
    }
  }
  const joined = [...annotations].map(([key, { text }]) => [key, text] as const);
  return {
    ok: true,
    expression,
    annotations: Object.fromEntries(joined),
    labels: {},
    ...(unusedValues.length === 0 ? {} : { unusedValues }),
  };
}
