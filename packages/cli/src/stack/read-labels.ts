import { textOf, type Placed } from '../yaml/placed.js';
import type { LabelContext, OneLabel } from './fill-label.js';
import type { StackProblem } from './problem.js';
import { readLabelEntry } from './read-label-entry.js';
import { readLabelItem } from './read-label-item.js';
import type { StackLabel } from './stack.js';

export interface ReadLabels {
  readonly labels: readonly StackLabel[];
  readonly problems: readonly StackProblem[];
}

/** Reads labels in the list or the mapping form, as Docker does; of equal names in a list the last counts. */
export function readLabels(node: Placed | undefined, context: LabelContext): ReadLabels {
  if (!node) return { labels: [], problems: [] };
  if (node.kind === 'list') return readList(node.items, context);
  if (node.kind === 'map')
    return collect(node.entries.map(({ key, value }) => readLabelEntry(key, value, context)));
  const problem: StackProblem = {
    code: 'DF002',
    severity: 'error',
    message: 'labels are neither a list nor a mapping',
    expected: 'items such as - name=value, or no key at all',
    place: node.place,
    service: context.service,
  };
  return { labels: [], problems: [problem] };
}

function readList(items: readonly Placed[], context: LabelContext): ReadLabels {
  const { service } = context;
  const seen = new Map<string, number>();
  const labels: (StackLabel | undefined)[] = [];
  const problems: StackProblem[] = [];
  const written = new Set<string>();
  for (const item of items) {
    const { label, problems: own } = readLabelItem(item, context);
    problems.push(...own);
    if (!label) continue;
    const { name, place } = label;
    const whole = textOf(item) ?? '';
    const earlier = seen.get(name);
    const at = { place, service, label: name };
    if (written.has(whole)) {
      const message = `"${name}" stands twice in the list with the same value, and Docker refuses equal items`;
      problems.push({ ...at, code: 'DF002', severity: 'error', message, expected: 'one of them' });
    } else if (earlier !== undefined) {
      labels[earlier] = undefined;
      const message = `"${name}" stands twice in the list; only the last one counts`;
      problems.push({ ...at, code: 'DF107', severity: 'warning', message, expected: 'one of them' });
    }
    written.add(whole);
    seen.set(name, labels.push(label) - 1);
  }
  return { labels: labels.filter((label) => label !== undefined), problems };
}

function collect(all: readonly OneLabel[]): ReadLabels {
  return {
    labels: all.flatMap(({ label }) => label ?? []),
    problems: all.flatMap(({ problems }) => problems),
  };
}
