import { signal } from '@preact/signals';
import { readPlace, writePlace, type Place } from './place.js';

export const place = signal<Place>({ path: ['services'], query: {} });

/** Follows the address from now on. */
export function followAddress(): void {
  const read = () => (place.value = readPlace(window.location.hash));
  window.addEventListener('hashchange', read);
  read();
}

/** Goes somewhere; `replace` leaves no step in the history of the browser. */
export function go(to: Place, replace = false): void {
  const hash = writePlace(to);
  if (replace) {
    window.history.replaceState(null, '', hash);
    place.value = to;
  } else window.location.hash = hash;
}

/** Stays and changes the query. */
export function refine(query: Readonly<Record<string, string>>): void {
  const { path, query: last } = place.value;
  go({ path, query: { ...last, ...query } }, true);
}

export function servicePlace(name: string): string {
  return writePlace({ path: ['services', name], query: {} });
}

export function labelPlace(label: string): string {
  return writePlace({ path: ['labels', label], query: {} });
}
