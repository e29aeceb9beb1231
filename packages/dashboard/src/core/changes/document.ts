import { sameJson } from './same-json.js';

/** What has changed between two states of the document. */
export interface Change {
  /** The state after it. */
  readonly id: number;
  readonly set: Readonly<Record<string, unknown>>;
  readonly gone: readonly string[];
}

/**
 * Values by key, with the number of the change that last touched each: whoever has seen change N can be told what
 * is different now, whatever happened in between.
 */
export interface Document {
  /** Does nothing when the value is the same as the present one. */
  set(key: string, value: unknown): void;
  remove(key: string): void;
  /** Ends a change; `undefined` when nothing was set or removed. */
  commit(): Change | undefined;
  /** Everything that differs from the state after change `id`; `undefined` when that is not known any more. */
  since(id: number): Change | undefined;
  whole(): Change;
}

interface Entry {
  readonly value: unknown;
  readonly changedBy: number;
}

const MOST_GONE = 10_000;

/** @param mostGone how many removed keys are remembered */
export function createDocument(mostGone = MOST_GONE): Document {
  const entries = new Map<string, Entry>();
  /** Removed keys, oldest first. */
  const gone = new Map<string, number>();
  let id = 0;
  let oldestKnown = 0;
  let touched = new Set<string>();

  function changeOf(keys: Iterable<string>): Change {
    const set: Record<string, unknown> = {};
    const removed: string[] = [];
    for (const key of keys) {
      const entry = entries.get(key);
      if (entry === undefined) removed.push(key);
      else set[key] = entry.value;
    }
    return { id, set, gone: removed };
  }

  return {
    set(key, value) {
      const last = entries.get(key);
      if (last !== undefined && sameJson(last.value, value)) return;
      entries.set(key, { value, changedBy: id + 1 });
      gone.delete(key);
      touched.add(key);
    },
    remove(key) {
      if (!entries.delete(key)) return;
      gone.set(key, id + 1);
      touched.add(key);
    },
    commit() {
      if (touched.size === 0) return undefined;
      id += 1;
      const change = changeOf(touched);
      touched = new Set();
      for (const [key, removedBy] of gone) {
        if (gone.size <= mostGone) break;
        gone.delete(key);
        oldestKnown = removedBy;
      }
      return change;
    },
    since(seen) {
      if (seen < oldestKnown || seen > id) return undefined;
      const changed = [...entries].filter(([, entry]) => entry.changedBy > seen && entry.changedBy <= id);
      const removed = [...gone].filter(([, removedBy]) => removedBy > seen && removedBy <= id);
      return changeOf([...changed, ...removed].map(([key]) => key));
    },
    whole: () => changeOf(entries.keys()),
  };
}
