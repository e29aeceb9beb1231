import type { LiveTables } from '../model/directives.js';

/** Commands that bring the tables of a running HAProxy from some entries to others. */
export function tableChanges(from: LiveTables, to: LiveTables): readonly string[] {
  return [...to].flatMap(([file, entries]) => {
    const before = from.get(file) ?? new Map<string, string>();
    return [
      ...[...before.keys()].filter((key) => !entries.has(key)).map((key) => `del map ${file} ${key}`),
      ...[...entries].flatMap(([key, value]) => {
        if (before.get(key) === value) return [];
        return [`${before.has(key) ? 'set' : 'add'} map ${file} ${key} ${value}`];
      }),
    ];
  });
}
