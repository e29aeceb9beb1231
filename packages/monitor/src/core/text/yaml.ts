/**
 * YAML for Prometheus's files. js-yaml reads them; writing is done here for two reasons. Speed: 1,000 services
 * have to be rendered within 50 ms; writing takes 15 ms of processor time of them here and 67 with js-yaml's
 * dump (77 when jobs and rules are dumped one by one, so that texts can be memoizeByIdentity), beside 20 ms for
 * building what is written. And scalars of users' own files have to keep their exact form, which dump does not
 * know. Tests read everything back with js-yaml and promtool.
 */

export type YamlValue = string | number | boolean | null | PlainScalar | readonly YamlValue[] | YamlMapping;
export interface YamlMapping {
  readonly [key: string]: YamlValue | undefined;
}

/** A scalar that stood in a user's file without quotes and is written exactly like that again. */
export class PlainScalar {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
  toString(): string {
    return this.source;
  }
}

/** The text of a scalar, however it was written; `undefined` for lists and mappings. */
export function scalarText(value: YamlValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return value instanceof PlainScalar ? value.source : undefined;
}

export function isMapping(value: unknown): value is YamlMapping {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof PlainScalar)
  );
}

/** One document in block style. Same value, same bytes. Keys without a value are left out. */
export function renderYaml(value: YamlMapping): string {
  const lines: string[] = [];
  renderMapping(value, '', lines);
  return lines.length === 0 ? '{}\n' : `${lines.join('\n')}\n`;
}

/** One item of a block list, with its dash, at this indentation. */
export function renderListItem(item: YamlValue, indent: string): string {
  const lines: string[] = [];
  renderItem(item, indent, lines);
  return `${lines.join('\n')}\n`;
}

function renderMapping(mapping: YamlMapping, indent: string, lines: string[], firstIndent = indent): void {
  let start = firstIndent;
  for (const key of Object.keys(mapping)) {
    const value = mapping[key];
    if (value === undefined) continue;
    renderEntry(`${start}${renderString(key)}:`, value, indent, lines);
    start = indent;
  }
}

function renderEntry(head: string, value: YamlValue, indent: string, lines: string[]): void {
  if (Array.isArray(value)) {
    const items = value as readonly YamlValue[];
    lines.push(items.length === 0 ? `${head} []` : head);
    for (const item of items) renderItem(item, indent, lines);
  } else if (isMapping(value)) {
    lines.push(isEmpty(value) ? `${head} {}` : head);
    renderMapping(value, `${indent}  `, lines);
  } else {
    lines.push(`${head} ${renderScalar(value as Exclude<YamlValue, readonly YamlValue[] | YamlMapping>)}`);
  }
}

function renderItem(item: YamlValue, indent: string, lines: string[]): void {
  if (Array.isArray(item)) renderEntry(`${indent}-`, item as readonly YamlValue[], `${indent}  `, lines);
  else if (!isMapping(item)) renderEntry(`${indent}-`, item, indent, lines);
  else if (isEmpty(item)) lines.push(`${indent}- {}`);
  else renderMapping(item, `${indent}  `, lines, `${indent}- `);
}

function isEmpty(mapping: YamlMapping): boolean {
  return Object.values(mapping).every((value) => value === undefined);
}

function renderScalar(value: string | number | boolean | null | PlainScalar): string {
  if (typeof value === 'string') return renderString(value);
  if (!(value instanceof PlainScalar)) return String(value);
  return value.source === '' ? 'null' : value.source;
}

const PLAIN = /^(?:[A-Za-z_/][A-Za-z0-9_./-]*|[0-9]+(?:ms|[smhdw]))$/;
/** What one of the YAML versions reads as something else than a string. */
const AMBIGUOUS = /^(?:y|n|yes|no|on|off|true|false|null)$/i;
const PRINTABLE = /^[\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/;
// JSON escapes the other control characters itself.
const UNPRINTABLE_FOR_YAML = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

function renderString(text: string): string {
  if (PLAIN.test(text) && !AMBIGUOUS.test(text)) return text;
  if (PRINTABLE.test(text)) return `'${text.replaceAll("'", "''")}'`;
  // Half of a surrogate pair cannot be written as UTF-8 at all.
  return JSON.stringify(text.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    UNPRINTABLE_FOR_YAML,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
