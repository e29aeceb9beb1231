/** Where something is written: lines and columns count from 1, as JavaScript counts characters; the end is behind the last one. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A scalar of YAML. `text` is what is written, without quotes and escapes. */
export interface PlacedText {
  readonly kind: 'text';
  readonly text: string;
  /** Without quotes, so that YAML may take it for a number, a boolean or nothing. */
  readonly isPlain: boolean;
  readonly place: Place;
}

export interface PlacedList {
  readonly kind: 'list';
  readonly items: readonly Placed[];
  readonly place: Place;
}

export interface PlacedEntry {
  readonly key: PlacedText;
  readonly value: Placed;
}

export interface PlacedMap {
  readonly kind: 'map';
  readonly entries: readonly PlacedEntry[];
  readonly place: Place;
}

/** A piece of YAML with its places; aliases and merge keys are gone. */
export type Placed = PlacedText | PlacedList | PlacedMap;

/** What a mapping says under a key, if it is a mapping and says something. */
export function valueOf(node: Placed | undefined, key: string): Placed | undefined {
  return entryOf(node, key)?.value;
}

export function entryOf(node: Placed | undefined, key: string): PlacedEntry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key.text === key) : undefined;
}

/** The entries of a mapping; none where it is no mapping. */
export function entriesOf(node: Placed | undefined): readonly PlacedEntry[] {
  return node?.kind === 'map' ? node.entries : [];
}

/** The items of a list; none where it is no list. */
export function itemsOf(node: Placed | undefined): readonly Placed[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a scalar. */
export function textOf(node: Placed | undefined): string | undefined {
  return node?.kind === 'text' ? node.text : undefined;
}
