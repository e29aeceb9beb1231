/** Docker's objects as they come: any field may be missing, or of another kind. */
export type RawObject = Readonly<Record<string, unknown>>;

export function object(value: unknown): RawObject {
  return typeof value === 'object' && value !== null ? (value as RawObject) : {};
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** Below it are the labels of Docker Flow. */
const OURS = 'com.df.';

export function isOurs(label: string): boolean {
  return label.startsWith(OURS);
}

/** Those labels that `isKept`, exactly as they are. */
export function labelsOf(value: unknown, isKept: (label: string) => boolean): Record<string, string> {
  const kept = Object.entries(object(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && isKept(entry[0]),
  );
  // Also `com.df.__proto__` is a label like any other: entries are defined, not assigned.
  return Object.fromEntries(kept);
}
