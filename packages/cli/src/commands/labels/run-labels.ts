import {
  CATALOGUE,
  LABEL_PREFIX,
  codeSpan,
  editDistance,
  markdownTable,
  splitNumber,
  type Label,
  type Reader,
} from '@docker-flow/labels';
import { BAD_ANSWER, CannotRunError, FINE, type ExitStatus } from '../../exit-status.js';
import type { Io } from '../../io.js';
import type { LabelsOptions } from './options.js';
import { jsonText } from '../../report/json-text.js';

interface Row {
  readonly reader: Reader;
  readonly label: Label;
}

/** Names by which people call the programs. */
const READERS: Readonly<Record<string, Reader>> = {
  proxy: 'proxy-configurator',
  listener: 'swarm-listener',
};

/** Shows labels; status 1 when there is none of this name, with the nearest ones on stderr. */
export async function runLabels(
  name: string | undefined,
  { reader, format }: LabelsOptions,
  io: Io,
): Promise<ExitStatus> {
  const rows = rowsOf(reader);
  const wanted = name === undefined ? undefined : bareName(name, rows);
  const found = wanted === undefined ? rows : rows.filter(({ label }) => label.name === wanted);
  if (found.length === 0) {
    const nearest = nearestNames(wanted ?? '', rows).map((one) => `${LABEL_PREFIX}${one}`);
    io.writeMessage(`dflow: there is no label ${name ?? ''}; the nearest are ${nearest.join(', ')}\n`);
    return BAD_ANSWER;
  }
  await io.writeResult(formatRows(found, format, name !== undefined));
  return FINE;
}

function rowsOf(reader: string | undefined): readonly Row[] {
  const readers = Object.keys(CATALOGUE) as Reader[];
  const only = reader === undefined ? undefined : (READERS[reader] ?? readers.find((one) => one === reader));
  if (reader !== undefined && only === undefined)
    throw new CannotRunError(`--reader ${reader} is none of ${readers.join(', ')}`);
  return readers
    .filter((one) => only === undefined || one === only)
    .flatMap((one) =>
      CATALOGUE[one]
        .filter(({ sentByListener }) => sentByListener !== true)
        .map((label) => ({ reader: one, label })),
    );
}

/** Without prefix and number; the catalogue may hold a name that ends with a number of its own. */
function bareName(name: string, rows: readonly Row[]): string {
  const bare = name.startsWith(LABEL_PREFIX) ? name.slice(LABEL_PREFIX.length) : name;
  return rows.some(({ label }) => label.name === bare) ? bare : splitNumber(bare).name;
}

const MOST_NEAREST = 3;

function nearestNames(name: string, rows: readonly Row[]): readonly string[] {
  const names = [...new Set(rows.map(({ label }) => label.name))];
  return names
    .map((known) => ({ known, distance: editDistance(name.toLowerCase(), known.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST_NEAREST)
    .map(({ known }) => known);
}

function formatRows(rows: readonly Row[], format: LabelsOptions['format'], isFull: boolean): string {
  if (format === 'json') return jsonText({ version: 1, labels: rows.map(rowJson) });
  if (format === 'markdown') return `${markdown(rows)}\n`;
  return isFull ? rows.map(fullText).join('\n') : table(rows);
}

function rowJson({ reader, label }: Row) {
  const { type, indexed, description, deprecatedFor, example } = label;
  return {
    label: `${LABEL_PREFIX}${label.name}`,
    reader,
    type: type.name,
    indexed,
    default: label.default ?? null,
    min: type.min ?? null,
    max: type.max ?? null,
    ...(type.unit === undefined ? {} : { unit: type.unit }),
    choices: type.choices ?? null,
    example: example ?? null,
    description,
    deprecatedFor: deprecatedFor === undefined ? null : `${LABEL_PREFIX}${deprecatedFor}`,
    ...(label.on === 'node' ? { on: 'node' } : {}),
  };
}

function fullText({ reader, label }: Row): string {
  const { type, variant, indexed, description, deprecatedFor, example } = label;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['read by', reader],
    ['value', plain(variant ? `${type.words}; ${variant.type.words}` : type.words)],
    ['default', label.default],
    ['number', indexed ? `${LABEL_PREFIX}${label.name}.1, ${LABEL_PREFIX}${label.name}.2 …` : undefined],
    ['put on', label.on === 'node' ? 'nodes' : undefined],
    ['example', example === undefined ? undefined : `${LABEL_PREFIX}${label.name}=${example}`],
    ['use instead', deprecatedFor === undefined ? undefined : `${LABEL_PREFIX}${deprecatedFor}`],
  ];
  const lines = facts.flatMap(([name, text]) =>
    text === undefined ? [] : [`  ${name.padEnd(12)}${text}\n`],
  );
  return `${LABEL_PREFIX}${label.name}\n  ${plain(description)}\n${lines.join('')}`;
}

function table(rows: readonly Row[]): string {
  const widest = Math.max(...rows.map(({ label }) => label.name.length)) + LABEL_PREFIX.length + 2;
  return rows
    .map(({ reader, label }) => {
      const name = `${LABEL_PREFIX}${label.name}${label.indexed ? '.N' : ''}`;
      return `${name.padEnd(widest + 2)}${reader.padEnd(20)}${plain(label.type.words)}\n`;
    })
    .join('');
}

function markdown(rows: readonly Row[]): string {
  return markdownTable(
    ['label', 'read by', 'value', 'default', 'meaning', 'example'],
    rows.map(({ reader, label }) => [
      codeSpan(`${LABEL_PREFIX}${label.name}`),
      reader,
      label.type.words,
      label.default === undefined ? '–' : codeSpan(label.default),
      label.description,
      codeSpan(label.example ?? ''),
    ]),
  );
}

/** Without the marks of Markdown. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
