import type { Label, Reader } from '../catalogue/label.js';
import { LABEL_PREFIX } from '../wire/label-key.js';

type Catalogue = Readonly<Record<Reader, readonly Label[]>>;
type Schema = Readonly<Record<string, unknown>>;

const BOOLEAN = '^([01tTfF]|[tT][rR][uU][eE]|[fF][aA][lL][sS][eE]|on)$';
const DURATION = '^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$';
const INTEGER = '^[+-]?[0-9]{1,15}$';
const AMOUNT = '^[+-]?[0-9]{1,15}%?$';
/** What YAML makes of an unquoted value. */
const SCALAR = { type: ['string', 'number', 'boolean'] } as const;

/**
 * A JSON Schema (2020-12) of `deploy.labels` in its mapping form. Labels that are not ours, and `com.df.`
 * labels that no program knows, are allowed: people send parameters of their own through swarm-listener.
 */
export function labelSchema(catalogue: Catalogue): Schema {
  const known = new Map<string, Label[]>();
  for (const labels of Object.values(catalogue)) {
    for (const label of labels) {
      if (label.sentByListener || label.on === 'node') continue;
      known.set(label.name, [...(known.get(label.name) ?? []), label]);
    }
  }
  const properties: Record<string, Schema> = {};
  const patternProperties: Record<string, Schema> = {};
  for (const [name, labels] of [...known].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const schema = labelValueSchema(labels);
    properties[`${LABEL_PREFIX}${name}`] = schema;
    if (labels.some((label) => label.indexed)) patternProperties[indexedPattern(name)] = schema;
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Labels of a Swarm service that Docker Flow reads',
    type: 'object',
    properties,
    patternProperties,
    additionalProperties: SCALAR,
  };
}

function indexedPattern(name: string): string {
  return `^${`${LABEL_PREFIX}${name}`.replaceAll('.', '\\.')}\\.[1-9][0-9]{0,8}$`;
}

/** Programs that share a label may read it differently: what one of them can read is allowed. */
function labelValueSchema(labels: readonly Label[]): Schema {
  const description = [...new Set(labels.map((label) => label.says))].join(' ');
  const values = new Map(labels.map((label) => [JSON.stringify(valueSchema(label)), valueSchema(label)]));
  const [first] = labels;
  const notes: Record<string, unknown> = { description };
  if (first?.example !== undefined) notes['examples'] = [first.example];
  if (labels.every((label) => label.deprecatedFor !== undefined)) notes['deprecated'] = true;
  const schemas = [...values.values()];
  return schemas.length === 1 ? { ...notes, ...schemas[0] } : { ...notes, anyOf: schemas };
}

function valueSchema(label: Label): Schema {
  switch (label.type) {
    case 'boolean':
      return { anyOf: [{ type: 'boolean' }, { type: 'string', pattern: BOOLEAN }] };
    case 'port':
      return numberOrText({ minimum: 1, maximum: 65_535 }, '^[0-9]{1,5}$');
    case 'integer':
    case 'seconds':
      return numberOrText(bounds(label), label.unit?.includes('%') ? AMOUNT : INTEGER);
    case 'duration':
      return { type: ['string', 'integer'], pattern: DURATION };
    case 'choice':
      return { enum: label.choices ?? [] };
    default:
      return SCALAR;
  }
}

function numberOrText(range: Schema, pattern: string): Schema {
  return {
    anyOf: [
      { type: 'integer', ...range },
      { type: 'string', pattern },
    ],
  };
}

function bounds({ min, max }: Label): Schema {
  return {
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
}
