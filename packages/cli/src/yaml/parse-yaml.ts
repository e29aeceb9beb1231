import {
  LineCounter,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLError,
} from 'yaml';
import type { Place, Placed, PlacedEntry, PlacedText } from './placed.js';

/** More than any stack has; a few nested aliases make hundreds of millions. */
const MOST_NODES = 1_000_000;
const DEEPEST = 200;
const LONGEST_KEY = 200;

/** Why a text is no YAML, or too much of it. */
export interface YamlProblem {
  readonly kind: 'syntax' | 'size';
  readonly message: string;
  readonly place: Place;
}

export interface ParsedYaml {
  /** Absent when the text is empty or a problem keeps it from being read. */
  readonly root?: Placed;
  readonly problems: readonly YamlProblem[];
  /** Where a second document begins, which does not count. */
  readonly secondDocument?: Place;
  /** Comments by line, for those that switch a finding off. */
  readonly lines: readonly string[];
}

/** Reads the first document of a text as Docker does; aliases and merge keys become what they stand for. */
export function parseYaml(source: string, file: string): ParsedYaml {
  const text = source.replace(/^\uFEFF/, '');
  const counter = new LineCounter();
  const placeAt = placesIn(file, counter);
  const lines = text.split(/\r\n|\n|\r/);
  const binary = [
    ...text.matchAll(/[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}\ufeff]/gu),
  ][0];
  const documents = parseAllDocuments(text, {
    lineCounter: counter,
    schema: 'failsafe',
    uniqueKeys: true,
    strict: true,
    prettyErrors: false,
    keepSourceTokens: false,
  });
  if (binary)
    return {
      problems: [{ kind: 'syntax', message: 'is not text', place: placeAt(binary.index, binary.index + 1) }],
      lines,
    };
  if (!Array.isArray(documents)) return { problems: [], lines };
  const [first, second] = documents as Document.Parsed[];
  if (!first) return { problems: [], lines };
  const problems = independent(first.errors).map((error) => syntaxProblem(error, placeAt, text));
  const secondDocument = second ? { secondDocument: startOf(second, placeAt) } : {};
  if (problems.length > 0) return { problems, lines, ...secondDocument };
  try {
    const root = first.contents ? createExpander(first, placeAt).expand(first.contents) : undefined;
    return { ...(root ? { root } : {}), problems, lines, ...secondDocument };
  } catch (error) {
    if (error instanceof ExpansionError)
      return { problems: [{ kind: error.kind, message: error.message, place: error.place }], lines };
    throw error;
  }
}

type PlaceAt = (from: number, to: number) => Place;

function placesIn(file: string, counter: LineCounter): PlaceAt {
  return (from, to) => {
    const start = counter.linePos(from);
    const end = counter.linePos(Math.max(from, to));
    return {
      file,
      line: Math.max(1, start.line),
      column: Math.max(1, start.col),
      endLine: Math.max(1, end.line),
      endColumn: Math.max(1, end.col),
    };
  };
}

/** The first mistake of syntax, which the parser stumbles over again and again, and each key that stands twice. */
function independent(errors: readonly YAMLError[]): readonly YAMLError[] {
  const first = errors.find(({ code }) => code !== 'DUPLICATE_KEY');
  return errors.filter((error) => error === first || error.code === 'DUPLICATE_KEY');
}

function syntaxProblem(error: YAMLError, placeAt: PlaceAt, text: string): YamlProblem {
  const [from, to] = error.pos;
  const key = /^[^\s:#][^\n:]*/.exec(text.slice(from, from + LONGEST_KEY))?.[0];
  const message =
    error.code === 'DUPLICATE_KEY' && key !== undefined
      ? `the key ${key} stands twice in one mapping`
      : error.message;
  return { kind: 'syntax', message, place: placeAt(from, to) };
}

function startOf(document: Document.Parsed, placeAt: PlaceAt): Place {
  const [from] = document.range;
  return placeAt(from, from);
}

class ExpansionError extends Error {
  readonly kind: YamlProblem['kind'];
  readonly place: Place;
  constructor(kind: YamlProblem['kind'], message: string, place: Place) {
    super(message);
    this.kind = kind;
    this.place = place;
  }
}

/** Turns the nodes of one document into placed ones, and counts them: an alias costs what it stands for. */
function createExpander(document: Document.Parsed, placeAt: PlaceAt) {
  const expanded = new Map<Node, { readonly placed: Placed; readonly nodes: number }>();
  const open = new Set<Node>();
  let nodes = 0;

  function count(more: number, node: Node): void {
    nodes += more;
    if (nodes > MOST_NODES)
      throw new ExpansionError(
        'size',
        `grows to more than ${MOST_NODES} values by its aliases`,
        placeOf(node),
      );
  }

  function placeOf(node: Node): Place {
    const [from, to] = node.range ?? [0, 0];
    return placeAt(from, to);
  }

  function expand(node: Node): Placed {
    if (isAlias(node)) {
      const target = node.resolve(document) as Node | undefined;
      if (!target) throw new ExpansionError('syntax', `the alias *${node.source} is unknown`, placeOf(node));
      return expand(target);
    }
    const known = expanded.get(node);
    if (known) {
      count(known.nodes, node);
      return known.placed;
    }
    if (open.has(node))
      throw new ExpansionError('syntax', 'an anchor holds an alias of itself', placeOf(node));
    if (open.size > DEEPEST) throw new ExpansionError('size', 'is nested too deeply', placeOf(node));
    open.add(node);
    const before = nodes;
    count(1, node);
    const placed = placedOf(node);
    open.delete(node);
    expanded.set(node, { placed, nodes: nodes - before });
    return placed;
  }

  function placedOf(node: Node): Placed {
    const place = placeOf(node);
    if (isMap(node))
      return { kind: 'map', entries: entriesOf(node.items as Pair<Node, Node | null>[], place), place };
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => expand(item as Node)), place };
    return scalarOf(node, place);
  }

  function scalarOf(node: Node, place: Place): PlacedText {
    if (!isScalar(node)) throw new ExpansionError('syntax', 'is not a value', place);
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    return { kind: 'text', text, isPlain: isPlain(node), place };
  }

  function entriesOf(pairs: readonly Pair<Node, Node | null>[], place: Place): readonly PlacedEntry[] {
    const own: PlacedEntry[] = [];
    const merged: PlacedEntry[] = [];
    for (const { key, value } of pairs) {
      const placedKey = expand(key);
      if (placedKey.kind !== 'text') throw new ExpansionError('syntax', 'a key is no text', placeOf(key));
      const placedValue = value ? expand(value) : nothingAfter(placedKey);
      if (placedKey.text === '<<' && placedKey.isPlain) merged.push(...mergedEntries(placedValue, place));
      else own.push({ key: placedKey, value: placedValue });
    }
    const names = new Set(own.map(({ key }) => key.text));
    // The nearer wins: own keys before merged ones, of these the first mapping that has the key.
    for (const entry of merged)
      if (!names.has(entry.key.text)) {
        names.add(entry.key.text);
        own.push(entry);
      }
    return own;
  }

  function mergedEntries(value: Placed, place: Place): readonly PlacedEntry[] {
    if (value.kind === 'map') return value.entries;
    if (value.kind === 'list') return value.items.flatMap((item) => mergedEntries(item, place));
    throw new ExpansionError('syntax', 'a merge key takes a mapping or a list of them', value.place);
  }

  return { expand };
}

/** Whether YAML may take a scalar for something else than a text; a tag such as `!!str` or `!!int` says it. */
function isPlain({ tag, type }: Scalar): boolean {
  if (tag === 'tag:yaml.org,2002:str' || tag === '!') return false;
  if (tag?.startsWith('tag:yaml.org,2002:')) return true;
  return type === 'PLAIN' || type === undefined;
}

function nothingAfter(key: PlacedText): PlacedText {
  return { kind: 'text', text: '', isPlain: true, place: key.place };
}
