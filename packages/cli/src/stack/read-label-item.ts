import { isSecretLabel } from '../text/hide-secrets.js';
import { readPlain, type PlainValue } from '../yaml/plain-value.js';
import { textOf, type Placed, type PlacedText } from '../yaml/placed.js';
import { fillLabel, type LabelContext, type OneLabel } from './fill-label.js';
import { interpolate } from './interpolate.js';
import type { StackProblem } from './problem.js';

/** Reads one item of labels in the list form. */
export function readLabelItem(item: Placed, context: LabelContext): OneLabel {
  if (item.kind !== 'text') return colonItem(item, context);
  const plain = item.isPlain ? readPlain(item.text) : { kind: 'text' as const };
  if (plain.kind !== 'text')
    return { problems: [refused(item, context, `an item of the labels is ${WORDS[plain.kind]} for YAML`)] };
  const at = { place: item.place, valuePlace: item.place, form: 'list' } as const;
  const { name, value } = cutItem(item.text);
  if (!name.includes('$')) return fillLabel({ ...at, name, written: value }, context);
  // Docker fills in the item as a whole, and cuts it afterwards.
  const { text, invalid, missing } = interpolate(item.text, context.environment);
  if (invalid !== undefined || missing) return fillLabel({ ...at, name, written: item.text }, context);
  const filled = cutItem(text);
  return {
    label: { ...at, name: filled.name, value: filled.value, written: filled.value, unset: [] },
    problems: [],
  };
}

const WORDS: Readonly<Record<Exclude<PlainValue['kind'], 'text'>, string>> = {
  null: 'nothing',
  boolean: 'a boolean',
  number: 'a number',
  date: 'a date',
};

/** At the first equals sign; without one the value is empty. */
function cutItem(text: string): { readonly name: string; readonly value: string } {
  const cut = text.indexOf('=');
  return cut < 0 ? { name: text, value: '' } : { name: text.slice(0, cut), value: text.slice(cut + 1) };
}

/** `- com.df.port: 80` is a mapping for YAML. */
function colonItem(item: Exclude<Placed, PlacedText>, context: LabelContext): OneLabel {
  const [entry] = item.kind === 'map' ? item.entries : [];
  const key = entry?.key.text;
  const value = textOf(entry?.value);
  if (key === undefined)
    return {
      problems: [
        refused(item, context, `an item of the labels is a ${item.kind === 'map' ? 'mapping' : 'list'}`),
      ],
    };
  if (key.includes('=')) return unquotedItem(item, { key, value }, context);
  const problem = {
    ...refused(item, context, `"${key}" is followed by a colon in a list`),
    expected: 'an equals sign',
    label: key,
  };
  if (value === undefined) return { problems: [problem] };
  const at = { place: item.place, valuePlace: item.place, form: 'list' } as const;
  const { label } = fillLabel({ ...at, name: key, written: value }, context);
  return {
    ...(label ? { label } : {}),
    problems: [isSecretLabel(key) ? problem : { ...problem, suggestion: `${key}=${value}` }],
  };
}

/** `- com.df.addReqHeader=X-Api: yes`: the colon belongs to the value, of which nobody knows what Docker would make. */
function unquotedItem(
  item: Placed,
  { key, value }: { readonly key: string; readonly value: string | undefined },
  context: LabelContext,
): OneLabel {
  const { name } = cutItem(key);
  const text = value === undefined ? undefined : `${key}: ${value}`;
  const isShown = text !== undefined && !isSecretLabel(name) && !/["\\]/.test(text);
  const problem = refused(
    item,
    context,
    `"${name}" holds a colon and a blank, which make a mapping of the item`,
  );
  return {
    problems: [
      {
        ...problem,
        expected: 'quotes around the whole item',
        label: name,
        ...(isShown ? { suggestion: `"${text}"` } : {}),
      },
    ],
  };
}

function refused({ place }: Placed, { service }: LabelContext, what: string): StackProblem {
  return {
    code: 'DF002',
    severity: 'error',
    message: `${what}, and Docker takes only texts`,
    expected: 'a text such as name=value',
    place,
    service,
  };
}
