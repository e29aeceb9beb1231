import type { Label, Reader } from '../catalogue/label.js';
import { byText } from '../values/order.js';
import { LABEL_PREFIX } from '../wire/label-key.js';
import { anyOf, valueOptions, valueSchema, type Schema } from './value-schema.js';

type Catalogue = Readonly<Record<Reader, readonly Label[]>>;

/** What Docker takes as the value of any label. */
const SCALAR = { type: ['string', 'number', 'null'] } as const;

/**
 * A JSON Schema (2020-12) of `deploy.labels` in its mapping form. Labels that are not ours, and `com.df.`
 * labels that no program knows, are allowed: people send parameters of their own through swarm-listener.
 */
export function labelSchema(catalogue: Catalogue): Schema {
  const known = new Map<string, Label[]>();
  for (const label of Object.values(catalogue).flat())
    if (isWritten(label)) known.set(label.name, [...(known.get(label.name) ?? []), label]);
  const named = [...known].sort(byText(([name]) => name));
  const conditions = named.flatMap(([, labels]) => labels.flatMap((label) => conditionOf(label, known)));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Labels of a Swarm service that Docker Flow reads',
    type: 'object',
    ...properties(named.map(([name, labels]) => [name, isIndexed(labels), describe(labels)])),
    additionalProperties: SCALAR,
    ...(conditions.length > 0 && { allOf: conditions }),
  };
}

/** Whether people write it at a service. */
function isWritten({ sentByListener, on }: Label): boolean {
  return !sentByListener && on !== 'node';
}

function isIndexed(labels: readonly Label[]): boolean {
  return labels.some(({ indexed }) => indexed);
}

/** Schemas by label, for the name without number and, where there may be one, with it. */
function properties(all: readonly (readonly [name: string, indexed: boolean, schema: Schema])[]): Schema {
  const named = all.map(([name, , schema]) => [`${LABEL_PREFIX}${name}`, schema]);
  const numbered = all.flatMap(([name, indexed, schema]) =>
    indexed ? [[numberedPattern(name), schema]] : [],
  );
  return { properties: Object.fromEntries(named), patternProperties: Object.fromEntries(numbered) };
}

function numberedPattern(name: string): string {
  return `^${`${LABEL_PREFIX}${name}`.replaceAll('.', '\\.')}\\.[1-9][0-9]{0,8}$`;
}

/** Programs that share a label may read it differently: what one of them can read is allowed. */
function describe(labels: readonly Label[]): Schema {
  const description = [...new Set(labels.map((label) => label.description))].join(' ');
  const [first] = labels;
  return {
    description,
    ...(first?.example !== undefined && !first.secret && { examples: [first.example] }),
    ...(labels.every((label) => label.deprecatedFor !== undefined) && { deprecated: true }),
    ...anyOf(labels.flatMap((label) => typesOf(label).flatMap((type) => valueOptions(label, type)))),
  };
}

function typesOf({ type, variant }: Label): readonly Label['type'][] {
  return variant ? [type, variant.type] : [type];
}

/**
 * The own type of a label with a variant, for services whose other label says nothing else. If that one
 * may have a number, nobody can tell which of them belongs to which label: then both types are allowed.
 */
function conditionOf(label: Label, known: ReadonlyMap<string, readonly Label[]>): readonly Schema[] {
  const { variant } = label;
  if (!variant || isIndexed(known.get(variant.label) ?? [])) return [];
  const other = `${LABEL_PREFIX}${variant.label}`;
  const matches = { pattern: `^(?:${variant.matches})$`, type: 'string' };
  return [
    {
      if: { required: [other], properties: { [other]: matches } },
      else: properties([[label.name, label.indexed, valueSchema(label)]]),
    },
  ];
}
