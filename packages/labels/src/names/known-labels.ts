import { CATALOGUE } from '../catalogue/catalogue.js';
import type { Label, Reader } from '../catalogue/label.js';

/** A label of the catalogue and the programs that read it. */
export interface KnownLabel {
  readonly label: Label;
  readonly readers: readonly Reader[];
}

const BY_NAME = collect();

/** The label of this name, without number and in this letter case. */
export function knownLabel(name: string): KnownLabel | undefined {
  return BY_NAME.get(name);
}

/** The names that people write; what the listener adds is no word of theirs. */
export const WRITTEN_NAMES: readonly string[] = [...BY_NAME]
  .filter(([, { label }]) => label.sentByListener !== true)
  .map(([name]) => name);

/** What a label's name says, number and all. */
export interface WrittenKey {
  readonly name: string;
  /** As written behind the last dot. */
  readonly number: string | undefined;
}

/** Splits the number off a name as people mean it: `port.0` and `port.01` have one, too, although nobody reads it. */
export function splitNumber(parameter: string): WrittenKey {
  const dot = parameter.lastIndexOf('.');
  const number = parameter.slice(dot + 1);
  if (dot < 1 || !/^\d+$/.test(number)) return { name: parameter, number: undefined };
  return { name: parameter.slice(0, dot), number };
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
