import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Entities, Kind } from '../../../src/core/view/view.js';

type Of<K extends Kind> = ReadonlyMap<string, Entities[K]>;

/** What the server has told, by kind and then by what is behind the `/` of the key. */
const kinds = {
  source: signal<Of<'source'>>(new Map()),
  station: signal<Of<'station'>>(new Map()),
  service: signal<Of<'service'>>(new Map()),
  problem: signal<Of<'problem'>>(new Map()),
  route: signal<Of<'route'>>(new Map()),
  decision: signal<Of<'decision'>>(new Map()),
  certificate: signal<Of<'certificate'>>(new Map()),
  node: signal<Of<'node'>>(new Map()),
};

export function all<K extends Kind>(kind: K): ReadonlySignal<Of<K>> {
  return kinds[kind] as unknown as ReadonlySignal<Of<K>>;
}

/** Whether changes arrive. `false` until the first, and while the connection is cut. */
export const isLive = signal(false);
/** Whether anything was told yet. */
export const hasLoaded = signal(false);
/** When the connection was lost. */
export const lostAtMs = signal<number | undefined>(undefined);

/** The server's clock, once a second. */
export const now = signal(Date.now());
let offsetMs = 0;

/** The server has said what time it is there. */
export function setServerTime(atMs: number): void {
  offsetMs = atMs - Date.now();
}

export function startClock(): void {
  setInterval(() => (now.value = Date.now() + offsetMs), 1_000);
}

export interface Told {
  readonly atMs: number;
  readonly set: Readonly<Record<string, unknown>>;
  readonly gone: readonly string[];
}

/** Takes in what has changed; `isWhole`: whatever is not told is not there any more. */
export function take({ atMs, set, gone }: Told, isWhole: boolean): void {
  setServerTime(atMs);
  const touched = new Map<Kind, Map<string, unknown>>();
  const mapOf = (kind: Kind) => {
    const map = touched.get(kind) ?? new Map<string, unknown>(isWhole ? [] : kinds[kind].peek());
    touched.set(kind, map);
    return map;
  };
  if (isWhole) for (const kind of Object.keys(kinds) as Kind[]) mapOf(kind);
  for (const [key, value] of Object.entries(set)) {
    const [kind, id] = splitKey(key);
    if (kind in kinds) mapOf(kind).set(id, value);
  }
  for (const key of gone) {
    const [kind, id] = splitKey(key);
    if (kind in kinds) mapOf(kind).delete(id);
  }
  batch(() => {
    for (const [kind, map] of touched) kinds[kind].value = map as never;
    hasLoaded.value = true;
  });
}

function splitKey(key: string): readonly [Kind, string] {
  const at = key.indexOf('/');
  return [key.slice(0, at) as Kind, key.slice(at + 1)];
}

/** Sources that are away, by name. */
export const away = computed(
  () =>
    new Set(
      [...all('source').value.values()].filter(({ state }) => state === 'away').map(({ name }) => name),
    ),
);
