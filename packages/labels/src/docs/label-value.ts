import type { Label, LabelType } from '../catalogue/label.js';

const WORDS: Readonly<Record<LabelType, string>> = {
  text: 'text',
  boolean: '`true` or `false`',
  integer: 'whole number',
  port: 'port, 1 to 65535',
  duration: 'duration such as `30s` or `1h30m`',
  seconds: 'whole number',
  choice: 'one of the words',
  list: 'list, separated by commas',
  pairs: '`name=value`, separated by commas',
  json: 'JSON',
  expression: 'PromQL or shortcut',
  raw: 'raw text for the generated file',
  path: 'path',
};

/** What a value of this label looks like, in words for a table, with its unit and its bounds. */
export function describeValue(label: Label): string {
  if (label.choices !== undefined) return label.choices.map((one) => `\`${one}\``).join(', ');
  const unit = label.unit === undefined ? '' : ` (${label.unit})`;
  return `${WORDS[label.type]}${unit}${describeBounds(label)}`;
}

function describeBounds({ type, min, max }: Label): string {
  if (type === 'port') return '';
  if (min !== undefined && max !== undefined) return `, ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? '' : `, at most ${max}`;
}
