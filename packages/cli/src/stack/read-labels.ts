import { isSurprising, readPlain } from '../yaml/plain-value.js';
import { textOf, type Place, type Placed, type PlacedText } from '../yaml/placed.js';
import { interpolate } from './interpolate.js';
import type { StackProblem } from './problem.js';
import type { StackLabel } from './stack.js';

type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadLabels {
  readonly labels: readonly StackLabel[];
  readonly problems: readonly StackProblem[];
}

/** Reads labels in the list or the mapping form, as Docker does; of equal names in a list the last counts. */
export function readLabels(node: Placed | undefined, service: string, environment: Environment): ReadLabels {
  if (!node || isNothing(node)) return { labels: [], problems: [] };
  if (node.kind === 'list') return readList(node.items, service, environment);
  if (node.kind === 'map')
    return collect(node.entries.map(({ key, value }) => readEntry(key, value, { service, environment })));
  return refused(service, node.place, 'labels are neither a list nor a mapping');
}

interface Context {
  readonly service: string;
  readonly environment: Environment;
}

interface OneLabel {
  readonly label?: StackLabel;
  readonly problems: readonly StackProblem[];
}

function readList(items: readonly Placed[], service: string, environment: Environment): ReadLabels {
  const seen = new Map<string, number>();
  const labels: (StackLabel | undefined)[] = [];
  const problems: StackProblem[] = [];
  const written = new Set<string>();
  for (const item of items) {
    const { label, problems: own } = readItem(item, { service, environment });
    problems.push(...own);
    if (!label) continue;
    const whole = textOf(item) ?? '';
    const earlier = seen.get(label.name);
    if (written.has(whole)) {
      problems.push({
        code: 'DF002',
        severity: 'error',
        message: `"${label.name}" stands twice in the list with the same value, and Docker refuses equal items`,
        place: label.place,
        service,
        label: label.name,
      });
    } else if (earlier !== undefined) {
      labels[earlier] = undefined;
      problems.push({
        code: 'DF107',
        severity: 'warning',
        message: `"${label.name}" stands twice in the list; only the last one counts`,
        place: label.place,
        service,
        label: label.name,
      });
    }
    written.add(whole);
    seen.set(label.name, labels.push(label) - 1);
  }
  return { labels: labels.filter((label) => label !== undefined), problems };
}

function readItem(item: Placed, { service, environment }: Context): OneLabel {
  if (item.kind !== 'text') {
    const [entry] = item.kind === 'map' ? item.entries : [];
    const name = entry?.key.text;
    const value = textOf(entry?.value);
    const mended =
      name === undefined || value === undefined
        ? undefined
        : fill(
            { name, written: value, place: item.place, valuePlace: item.place, form: 'list' },
            service,
            environment,
          ).label;
    return {
      ...(mended ? { label: mended } : {}),
      problems: [
        {
          code: 'DF002',
          severity: 'error',
          message:
            name === undefined
              ? 'an item of the labels is not a text'
              : `"${name}" is followed by a colon in a list`,
          expected: 'an equals sign',
          place: item.place,
          service,
          ...(name === undefined ? {} : { label: name }),
          ...(name === undefined || value === undefined ? {} : { suggestion: `${name}=${value}` }),
        },
      ],
    };
  }
  const cut = item.text.indexOf('=');
  const name = cut < 0 ? item.text : item.text.slice(0, cut);
  const written = cut < 0 ? '' : item.text.slice(cut + 1);
  return fill(
    { name, written, place: item.place, valuePlace: item.place, form: 'list' },
    service,
    environment,
  );
}

function readEntry(key: PlacedText, value: Placed, { service, environment }: Context): OneLabel {
  const place: Place = { ...key.place, endLine: value.place.endLine, endColumn: value.place.endColumn };
  const at = { place: key.place, service, label: key.text } as const;
  if (value.kind !== 'text') {
    const texts = value.kind === 'list' ? value.items.map(textOf) : [];
    const isPlainList = texts.length > 0 && texts.every((text) => text !== undefined);
    return {
      ...(isPlainList ? mendedEntry(key, value, texts.join(',')) : {}),
      problems: [
        {
          ...at,
          code: 'DF002',
          severity: 'error',
          message: `"${key.text}" has a ${value.kind === 'list' ? 'list' : 'mapping'} as its value`,
          expected: 'a text',
          ...(isPlainList ? { suggestion: texts.join(',') } : {}),
        },
      ],
    };
  }
  const read = value.isPlain ? readPlain(value.text) : { kind: 'text' as const };
  if (read.kind === 'boolean')
    return {
      ...mendedEntry(key, value, value.text),
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
  const written = read.kind === 'number' ? read.text : read.kind === 'null' ? '' : value.text;
  const one = fill(
    { name: key.text, written, place, valuePlace: value.place, form: 'mapping' },
    service,
    environment,
  );
  if (!value.isPlain || !isSurprising(value.text) || one.problems.length > 0) return one;
  const means = written === value.text ? 'may be read as something else' : `means ${written}`;
  return {
    ...one,
    problems: [
      {
        ...at,
        code: 'DF509',
        severity: 'warning',
        message: `${key.text}: ${value.text} without quotes ${means} for YAML`,
        expected: 'quotes around the value',
        suggestion: `"${value.text}"`,
      },
    ],
  };
}

/** A label as its suggestion would have it, so that no consequence is told beside its cause. */
function mendedEntry(key: PlacedText, value: Placed, text: string): { readonly label: StackLabel } {
  return {
    label: {
      name: key.text,
      value: text,
      written: text,
      unset: [],
      place: key.place,
      valuePlace: value.place,
      form: 'mapping',
    },
  };
}

function fill(
  label: Omit<StackLabel, 'value' | 'unset'>,
  service: string,
  environment: Environment,
): OneLabel {
  const { text, unset, invalid, missing } = interpolate(label.written, environment);
  const at = { severity: 'error', place: label.place, service, label: label.name } as const;
  if (invalid !== undefined)
    return {
      problems: [
        {
          ...at,
          code: 'DF505',
          message: `"${label.name}": Docker cannot fill in the variable that begins with a dollar sign`,
          expected: '$$ for a dollar sign that belongs to the value',
        },
      ],
    };
  if (missing)
    return {
      problems: [
        {
          ...at,
          code: 'DF508',
          message: `"${label.name}" needs the variable ${missing.name}: ${missing.message || 'it is not set'}`,
        },
      ],
    };
  return { label: { ...label, value: text, unset }, problems: [] };
}

function collect(all: readonly OneLabel[]): ReadLabels {
  return {
    labels: all.flatMap(({ label }) => label ?? []),
    problems: all.flatMap(({ problems }) => problems),
  };
}

function refused(service: string, place: Place, message: string): ReadLabels {
  return { labels: [], problems: [{ code: 'DF002', severity: 'error', message, place, service }] };
}

/** An empty value in YAML. */
function isNothing(node: Placed): boolean {
  return node.kind === 'text' && node.isPlain && readPlain(node.text).kind === 'null';
}
