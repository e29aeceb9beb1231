import { computed, signal } from '@preact/signals';
import type { ServiceRow } from '../../../src/core/view/view.js';
import { place } from '../state/address.js';
import { all } from '../state/store.js';
import { countMoves, readSelection, selectServices } from './select-services.js';

/** More rows are a click away. */
export const ROWS_AT_ONCE = 100;
export const limit = signal(ROWS_AT_ONCE);

/** What is looked for, by the address. */
export const selection = computed(() => readSelection(place.value.query));
const wanted = computed(() => selectServices(all('service').value.values(), selection.value));
/** Names in the order that is shown. While somebody points at a row it stays what it is. */
let shown: readonly string[] = [];
let shownFor: unknown;
const isHeld = signal(false);

/** The rows to show, in their order, and how many changes of the order wait. */
export function arrange(): { readonly rows: readonly ServiceRow[]; readonly waiting: number } {
  const names = wanted.value.map(({ name }) => name);
  if (!isHeld.value || shownFor !== selection.value || shown.length === 0) {
    shown = names;
    shownFor = selection.value;
    return { rows: wanted.value, waiting: 0 };
  }
  const rows = all('service').value;
  return {
    rows: shown.flatMap((name) => rows.get(name) ?? []),
    waiting: countMoves(shown, names),
  };
}

/** Somebody points at the rows. */
export function hold(): void {
  isHeld.value = true;
}

export function release(): void {
  isHeld.value = false;
}

/** Takes the order that is wanted now, and holds that. */
export function settle(): void {
  release();
  requestAnimationFrame(hold);
}
