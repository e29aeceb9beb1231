import { isSecretLabel } from '../text/hide-secrets.js';
import { isSurprising, readPlain } from '../yaml/plain-value.js';
import { textOf, type Place, type Placed, type PlacedText } from '../yaml/placed.js';
import { fillLabel, mendedLabel, type LabelContext, type OneLabel } from './fill-label.js';
import type { StackProblem } from './problem.js';

/** Reads one entry of labels in the mapping form. */
export function readLabelEntry(key: PlacedText, value: Placed, context: LabelContext): OneLabel {
  if (value.kind !== 'text') return collectionEntry(key, value, context);
  const read = value.isPlain ? readPlain(value.text) : { kind: 'text' as const };
  const at = { place: key.place, service: context.service, label: key.text } as const;
  if (read.kind === 'boolean')
    return {
      ...mendedLabel(key.text, key, value.text, 'mapping'),
      problems: [
        {
          ...at,
          code: 'DF002',
          severity: 'error',
          message: `${key.text}: ${value.text} is a boolean for YAML, and Docker takes only texts`,
          expected: `"${value.text}" in quotes`,
          suggestion: `"${value.text}"`,
        },
      ],
    };
  const place: Place = { ...key.place, endLine: value.place.endLine, endColumn: value.place.endColumn };
  const written = 'text' in read ? read.text : read.kind === 'null' ? '' : value.text;
  const one = fillLabel(
    { name: key.text, written, place, valuePlace: value.place, form: 'mapping' },
    context,
  );
  if (!value.isPlain || !isSurprising(value.text) || one.problems.length > 0) return one;
  const means = written === value.text ? 'may be read as something else' : `means ${written}`;
  const isSecret = isSecretLabel(key.text);
  const surprise: StackProblem = {
    ...at,
    code: 'DF509',
    severity: 'warning',
    message: isSecret
      ? `${key.text}: without quotes the value may be read as something else`
      : `${key.text}: ${value.text} without quotes ${means} for YAML`,
    expected: 'quotes around the value',
    ...(isSecret ? {} : { suggestion: `"${value.text}"` }),
  };
  return { ...one, problems: [surprise] };
}

/** A list of texts was probably meant to be one text. */
function collectionEntry(
  key: PlacedText,
  value: Exclude<Placed, PlacedText>,
  { service }: LabelContext,
): OneLabel {
  const texts = value.kind === 'list' ? value.items.map(textOf) : [];
  const isPlainList = texts.length > 0 && texts.every((text) => text !== undefined);
  const mended = texts.join(',');
  return {
    ...(isPlainList ? mendedLabel(key.text, key, mended, 'mapping') : {}),
    problems: [
      {
        code: 'DF002',
        severity: 'error',
        message: `"${key.text}" has a ${value.kind === 'list' ? 'list' : 'mapping'} as its value`,
        expected: 'a text',
        place: key.place,
        service,
        label: key.text,
        ...(isPlainList && !isSecretLabel(key.text) ? { suggestion: mended } : {}),
      },
    ],
  };
}
