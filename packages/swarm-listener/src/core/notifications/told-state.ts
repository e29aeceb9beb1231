import type { Parameters } from '@docker-flow/labels';
import type { Announcement } from '../services/announcement.js';
import type { Delivery } from './delivery.js';
import type { Receiver } from './receivers.js';

/** A name that receivers shall forget. */
export interface Gone {
  readonly name: string;
  /** What the remove says. */
  readonly parameters: Parameters;
  /** Receivers that have not heard of it. */
  readonly pending: ReadonlySet<Receiver>;
  /** How often it was given up. */
  readonly rounds: number;
}

/** One service or node, and what receivers know of it. Lists are replaced, not changed: most are empty and shared. */
export interface Subject {
  readonly id: string;
  wanted: Announcement | undefined;
  /** The revision each create receiver has, by the receiver's place in the list; `undefined`: none, or unknown. */
  told: readonly (string | undefined)[];
  /** The name receivers may know it by, with what a remove would say. */
  known: { readonly name: string; readonly remove: Parameters } | undefined;
  gone: readonly Gone[];
  /** Deliveries that have not ended. */
  active: readonly Delivery[];
}

const NONE: readonly never[] = [];

export interface Subjects {
  get(id: string): Subject | undefined;
  getOrAdd(id: string): Subject;
  /** Forgets the subject when nobody knows it and nothing is to be said. */
  tidy(subject: Subject): void;
  all(): Iterable<Subject>;
  /** Notes that receivers may know this subject by that name. */
  addName(name: string, id: string): void;
  dropName(name: string, id: string): void;
  /** Others that have, or had, this name: short names of two stacks, or a service that was created anew. */
  namesakes(name: string, id: string): readonly Subject[];
}

export function createSubjects(): Subjects {
  const subjects = new Map<string, Subject>();
  const byName = new Map<string, readonly string[]>();
  return {
    get: (id) => subjects.get(id),
    getOrAdd(id) {
      let subject = subjects.get(id);
      if (!subject) {
        subject = { id, wanted: undefined, told: NONE, known: undefined, gone: NONE, active: NONE };
        subjects.set(id, subject);
      }
      return subject;
    },
    tidy(subject) {
      const { id, wanted, known, gone, active } = subject;
      if (!wanted && !known && gone.length === 0 && active.length === 0) subjects.delete(id);
    },
    all: () => subjects.values(),
    addName(name, id) {
      const ids = byName.get(name) ?? NONE;
      if (!ids.includes(id)) byName.set(name, [...ids, id]);
    },
    dropName(name, id) {
      const ids = (byName.get(name) ?? NONE).filter((one) => one !== id);
      if (ids.length === 0) byName.delete(name);
      else byName.set(name, ids);
    },
    namesakes: (name, id) =>
      (byName.get(name) ?? NONE).flatMap((other) => (other === id ? [] : (subjects.get(other) ?? []))),
  };
}

/** The list without one; the shared empty list when nothing is left. */
export function without<T>(list: readonly T[], item: T): readonly T[] {
  const rest = list.filter((one) => one !== item);
  return rest.length === 0 ? NONE : rest;
}

export function goneOf(subject: Subject, name: string): Gone | undefined {
  return subject.gone.find((one) => one.name === name);
}

/** Replaces or adds what is said of a name that is gone. */
export function setGone(subject: Subject, gone: Gone): void {
  subject.gone = [...subject.gone.filter((one) => one.name !== gone.name), gone];
}

/** True when there was such a name. */
export function dropGone(subject: Subject, name: string): boolean {
  const found = goneOf(subject, name);
  if (found) subject.gone = without(subject.gone, found);
  return found !== undefined;
}
