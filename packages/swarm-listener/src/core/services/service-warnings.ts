import { compareBytes, type Issue } from '@docker-flow/labels';

/** What a part of the program found about one service; each part replaces only what it found itself. */
export type WarningSource = 'labels' | 'network' | 'name';

/** What of services' labels is written and not in force. */
export interface ServiceWarnings {
  /** What one source finds now. Answers what of it is new. */
  replace(id: string, source: WarningSource, issues: readonly Issue[]): readonly Issue[];
  /** The service is gone. */
  forget(id: string): void;
  /** Sorted by service and label. */
  list(): readonly Issue[];
  ids(): readonly string[];
}

export function createServiceWarnings(): ServiceWarnings {
  const warnings = new Map<string, ReadonlyMap<WarningSource, readonly Issue[]>>();
  return {
    replace(id, source, issues) {
      const before = warnings.get(id);
      const known = new Set((before?.get(source) ?? []).map((issue) => JSON.stringify(issue)));
      const now = new Map(before);
      if (issues.length > 0) now.set(source, issues);
      else now.delete(source);
      if (now.size > 0) warnings.set(id, now);
      else warnings.delete(id);
      return issues.filter((issue) => !known.has(JSON.stringify(issue)));
    },
    forget: (id) => void warnings.delete(id),
    list: () =>
      [...warnings.values()]
        .flatMap((sources) => [...sources.values()].flat())
        .sort((a, b) => compareBytes(a.service, b.service) || compareBytes(a.label, b.label)),
    ids: () => [...warnings.keys()],
  };
}
