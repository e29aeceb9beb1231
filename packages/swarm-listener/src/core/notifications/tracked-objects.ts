import type { Parameters } from '@docker-flow/labels';
import type { Announcement } from './announcement.js';
import type { Delivery } from './delivery.js';
import type { Receiver } from './receivers.js';

/** A name that receivers shall forget. */
export interface Tombstone {
  readonly name: string;
  /** What the remove says. */
  readonly parameters: Parameters;
  /** Receivers that have not heard of it. */
  readonly pending: ReadonlySet<Receiver>;
  /** How often it was given up. */
  readonly rounds: number;
}

/** One service or node, and what receivers know of it. Lists are replaced, not changed: most are empty and shared. */
export interface TrackedObject {
  readonly id: string;
  wanted: Announcement | undefined;
  /** What it would be announced as, if the name were not that of another service. */
  claim: Announcement | undefined;
  /** The revision each create receiver has, by the receiver's place in the list; `undefined`: none, or unknown. */
  told: readonly (string | undefined)[];
  /** The name receivers may know it by, with what a remove would say. */
  known: { readonly name: string; readonly remove: Parameters } | undefined;
  tombstones: readonly Tombstone[];
  /** Deliveries that have not ended. */
  active: readonly Delivery[];
}

const NONE: readonly never[] = [];

export interface TrackedObjects {
  get(id: string): TrackedObject | undefined;
  getOrAdd(id: string): TrackedObject;
  /** Forgets the object when nobody knows it and nothing is to be said. */
  tidy(object: TrackedObject): void;
  all(): Iterable<TrackedObject>;
  /** Notes that receivers may know this object by that name. */
  addName(name: string, id: string): void;
  dropName(name: string, id: string): void;
  /** Others that have, or had, this name: short names of two stacks, or a service that was created anew. */
  withSameName(name: string, id: string): readonly TrackedObject[];
}

export function createTrackedObjects(): TrackedObjects {
  const objects = new Map<string, TrackedObject>();
  const byName = new Map<string, readonly string[]>();
  return {
    get: (id) => objects.get(id),
    getOrAdd(id) {
      let object = objects.get(id);
      if (!object) {
        object = {
          id,
          wanted: undefined,
          claim: undefined,
          told: NONE,
          known: undefined,
          tombstones: NONE,
          active: NONE,
        };
        objects.set(id, object);
      }
      return object;
    },
    tidy(object) {
      const { id, wanted, claim, known, tombstones, active } = object;
      if (!wanted && !claim && !known && tombstones.length === 0 && active.length === 0) objects.delete(id);
    },
    all: () => objects.values(),
    addName(name, id) {
      const ids = byName.get(name) ?? NONE;
      if (!ids.includes(id)) byName.set(name, [...ids, id]);
    },
    dropName(name, id) {
      const ids = (byName.get(name) ?? NONE).filter((one) => one !== id);
      if (ids.length === 0) byName.delete(name);
      else byName.set(name, ids);
    },
    withSameName: (name, id) =>
      (byName.get(name) ?? NONE).flatMap((other) => (other === id ? [] : (objects.get(other) ?? []))),
  };
}

/** The list without one; the shared empty list when nothing is left. */
export function without<T>(list: readonly T[], item: T): readonly T[] {
  const rest = list.filter((one) => one !== item);
  return rest.length === 0 ? NONE : rest;
}

export function tombstoneOf(object: TrackedObject, name: string): Tombstone | undefined {
  return object.tombstones.find((one) => one.name === name);
}

/** Replaces or adds what is said of a name that is gone. */
export function setTombstone(object: TrackedObject, tombstone: Tombstone): void {
  object.tombstones = [...object.tombstones.filter((one) => one.name !== tombstone.name), tombstone];
}

/** True when there was such a name. */
export function dropTombstone(object: TrackedObject, name: string): boolean {
  const found = tombstoneOf(object, name);
  if (found) object.tombstones = without(object.tombstones, found);
  return found !== undefined;
}
