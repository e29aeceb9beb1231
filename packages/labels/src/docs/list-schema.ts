import type { Label, Reader } from '../catalogue/label.js';
import type { LabelType } from '../catalogue/types/label-type.js';
import { byText } from '../values/order.js';
import { LABEL_PREFIX } from '../wire/label-key.js';
import { labelPattern, type Schema } from './value-schema.js';

type Catalogue = Readonly<Record<Reader, readonly Label[]>>;

/** Numbers that labels may have. */
const NUMBER = '(?:\\.[1-9][0-9]{0,8})?';

/**
 * A JSON Schema (2020-12) of `deploy.labels` in its list form: texts `name=value`, of which no two are equal. As in
 * the mapping form, labels that are not ours are allowed.
 */
export function labelListSchema(catalogue: Catalogue): Schema {
  const known = new Map<string, Label[]>();
  for (const label of Object.values(catalogue).flat())
    if (!label.sentByListener && label.on !== 'node')
      known.set(label.name, [...(known.get(label.name) ?? []), label]);
  const named = [...known].sort(byText(([name]) => name));
  const rules = named.flatMap(([name, labels]) => {
    const patterns = labels.flatMap((label) => typesOf(label).map((type) => labelPattern(label, type)));
    return ruleOf(name, labels, patterns);
  });
  const conditions = named.flatMap(([, labels]) => labels.flatMap((label) => conditionOf(label, known)));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Labels of a Swarm service that Docker Flow reads, as a list',
    type: 'array',
    uniqueItems: true,
    items: { type: 'string', allOf: rules },
    ...(conditions.length > 0 && { allOf: conditions }),
  };
}

function typesOf({ type, variant }: Label): readonly LabelType[] {
  return variant ? [type, variant.type] : [type];
}

/** Whoever writes this label has to fit one of the patterns; `undefined` fits everything. */
function ruleOf(
  name: string,
  labels: readonly Label[],
  patterns: readonly (string | undefined)[],
): readonly Schema[] {
  const different = [...new Set(patterns)];
  const start = `${LABEL_PREFIX}${name}`.replaceAll('.', '\\.');
  const written = `^${start}${labels.some(({ indexed }) => indexed) ? NUMBER : ''}`;
  const fitting = different.map((pattern) =>
    pattern === undefined ? undefined : { pattern: `${written}=${inner(pattern)}$` },
  );
  const whole = fitting.filter((one) => one !== undefined);
  if (whole.length < fitting.length) return [];
  // An item without equals sign has an empty value.
  const empty = different.some((pattern) => pattern !== undefined && new RegExp(pattern, 'u').test(''));
  const options = [...whole, ...(empty ? [{ pattern: `${written}$` }] : [])];
  return [
    {
      if: { pattern: `${written}(?:=|$)` },
      then: options.length === 1 ? options[0] : { anyOf: options },
    },
  ];
}

function inner(pattern: string): string {
  return pattern.replace(/^\^/, '').replace(/\$$/, '');
}

/** The own type of a label with a variant, for services whose other label says nothing else. */
function conditionOf(label: Label, known: ReadonlyMap<string, readonly Label[]>): readonly Schema[] {
  const { variant } = label;
  if (!variant || known.get(variant.label)?.some(({ indexed }) => indexed)) return [];
  const other = `${LABEL_PREFIX}${variant.label}`.replaceAll('.', '\\.');
  const own = ruleOf(label.name, [label], [labelPattern(label, label.type)]);
  return [
    {
      if: { contains: { type: 'string', pattern: `^${other}=(?:${variant.matches})$` } },
      else: { items: { allOf: own } },
    },
  ];
}
