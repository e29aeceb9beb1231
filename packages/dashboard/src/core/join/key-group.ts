import type { Document } from '../changes/document.js';
import type { Entities, Kind } from '../view/view.js';

/** Entities of one kind that come in parts, such as the problems of each service. */
export interface KeyGroup<K extends Kind> {
  /** Replaces a part: what it does not hold any more is removed. */
  setPart(part: string, entities: readonly (Entities[K] & { readonly id: string })[]): void;
}

export function createKeyGroup<K extends Kind>(
  document: Pick<Document, 'set' | 'remove'>,
  kind: K,
): KeyGroup<K> {
  const parts = new Map<string, ReadonlySet<string>>();
  return {
    setPart(part, entities) {
      const keys = new Set(entities.map(({ id }) => `${kind}/${id}`));
      for (const key of parts.get(part) ?? []) if (!keys.has(key)) document.remove(key);
      for (const entity of entities) document.set(`${kind}/${entity.id}`, entity);
      if (keys.size > 0) parts.set(part, keys);
      else parts.delete(part);
    },
  };
}
