import { editDistance } from '../values/edit-distance.js';
import { WRITTEN_NAMES } from './known-labels.js';

const SHORTEST_MISSPELT = 4;
const LONG_NAME = 8;
const LONGEST_NAME = Math.max(...WRITTEN_NAMES.map(({ length }) => length)) + 2;

const BY_PLAIN_NAME: ReadonlyMap<string, string> = new Map(
  [...WRITTEN_NAMES].reverse().map((name) => [plainName(name), name]),
);

/**
 * The label that was probably meant by a name that is none: equal but for letter case, `_` and `-`, or a letter apart,
 * in names of eight letters two.
 */
export function nearestLabel(name: string): string | undefined {
  if (name.length > 2 * LONGEST_NAME) return undefined;
  const equal = BY_PLAIN_NAME.get(plainName(name));
  if (equal !== undefined || name.length < SHORTEST_MISSPELT) return equal;
  const allowed = name.length >= LONG_NAME ? 2 : 1;
  let nearest: { readonly name: string; readonly distance: number } | undefined;
  for (const known of WRITTEN_NAMES) {
    if (Math.abs(known.length - name.length) > allowed || known.length < SHORTEST_MISSPELT) continue;
    const distance = editDistance(name, known);
    if (distance <= allowed && (!nearest || distance < nearest.distance)) nearest = { name: known, distance };
  }
  return nearest?.name;
}

function plainName(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}
