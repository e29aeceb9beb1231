import { CATALOGUE, type Label, type Reader } from '@docker-flow/labels';
import { editDistance } from '../text/edit-distance.js';

/** A label of the catalogue and the program that reads it; some are read by several. */
export interface KnownLabel {
  readonly label: Label;
  readonly readers: readonly Reader[];
}

const BY_NAME: ReadonlyMap<string, KnownLabel> = collect();
/** The names that people write; what the listener adds is no word of theirs. */
const NAMES = [...BY_NAME].filter(([, { label }]) => label.sentByListener !== true).map(([name]) => name);
const SHORTEST_MISSPELT = 4;
const LONG_NAME = 8;

export function knownLabel(name: string): KnownLabel | undefined {
  return BY_NAME.get(name);
}

/** What a label's name says, number and all; leading zeros and 0 are numbers here, too. */
export interface WrittenKey {
  readonly name: string;
  /** As written behind the last dot. */
  readonly number: string | undefined;
}

export function splitNumber(parameter: string): WrittenKey {
  const [, name, number] = /^(.+)\.(\d+)$/.exec(parameter) ?? [];
  return name === undefined ? { name: parameter, number: undefined } : { name, number };
}

/** The label that was probably meant: equal but for letter case, `_` and `-`, or a letter or two apart. */
export function nearestLabel(name: string): string | undefined {
  const plain = plainName(name);
  const equal = NAMES.find((known) => plainName(known) === plain);
  if (equal !== undefined || name.length < SHORTEST_MISSPELT) return equal;
  const allowed = name.length >= LONG_NAME ? 2 : 1;
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const known of NAMES) {
    if (Math.abs(known.length - name.length) > allowed || known.length < SHORTEST_MISSPELT) continue;
    const distance = editDistance(name, known);
    if (distance <= allowed && (!nearest || distance < nearest.distance)) nearest = { name: known, distance };
  }
  return nearest?.name;
}

/** Whether only the monitor reads a label: it takes any letter case. */
export function isOfMonitorAlone(name: string): boolean {
  const readers = BY_NAME.get(name)?.readers;
  return readers?.length === 1 && readers[0] === 'monitor';
}

function plainName(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function collect(): ReadonlyMap<string, KnownLabel> {
  const all = new Map<string, KnownLabel>();
  for (const [reader, labels] of Object.entries(CATALOGUE) as [Reader, readonly Label[]][])
    for (const label of labels) {
      if (label.on === 'node') continue;
      const earlier = all.get(label.name);
      all.set(label.name, { label: earlier?.label ?? label, readers: [...(earlier?.readers ?? []), reader] });
    }
  return all;
}
