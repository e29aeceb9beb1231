/** A label with a value, `com.df.reschedule=true`: which services may have their tasks replaced. */
export interface RescheduleFilter {
  readonly label: string;
  readonly value: string;
}

/** Exactly one `=`; `undefined` otherwise. */
export function parseRescheduleFilter(text: string): RescheduleFilter | undefined {
  const parts = text.split('=');
  const [label, value] = parts;
  return parts.length === 2 && label !== undefined && value !== undefined ? { label, value } : undefined;
}

export function formatRescheduleFilter({ label, value }: RescheduleFilter): string {
  return `${label}=${value}`;
}

/** Why a service may not be rescheduled, in the words of the original; `undefined` when it may. */
export function refuseReschedule(
  name: string,
  labels: Readonly<Record<string, string>>,
  filter: RescheduleFilter,
): string | undefined {
  const value = Object.hasOwn(labels, filter.label) ? labels[filter.label] : undefined;
  if (value === filter.value) return undefined;
  const found = value === undefined ? 'no label' : `${filter.label}=${value}`;
  return `${name} is not labeled with ${formatRescheduleFilter(filter)} (${found})`;
}

/** UTC as `YYYYMMDDThhmmss`. */
export function formatRescheduleDate(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace(/[-:]/g, '');
}

/**
 * The environment with `key=value`: replaced where the key stands, else at the end; other entries keep
 * content and order. `undefined` when exactly that entry is there already.
 */
export function rescheduleEnvironment(
  environment: readonly string[],
  key: string,
  value: string,
): readonly string[] | undefined {
  const entry = `${key}=${value}`;
  if (environment.includes(entry)) return undefined;
  const isOld = (one: string) => one.startsWith(`${key}=`);
  if (!environment.some(isOld)) return [...environment, entry];
  return environment.map((one) => (isOld(one) ? entry : one));
}

/** What happened to the labelled services, in the words of the original, names sorted. */
export function describeRescheduled(
  rescheduled: readonly string[],
  failed: readonly string[],
): { readonly ok: boolean; readonly message: string } {
  const good = [...rescheduled].sort().join(', ');
  const bad = [...failed].sort().join(', ');
  if (failed.length > 0) {
    const rest = rescheduled.length > 0 ? ` (${good} succeeded)` : '';
    return { ok: false, message: `${bad} failed to reschedule${rest}` };
  }
  return { ok: true, message: rescheduled.length > 0 ? `${good} rescheduled` : 'No services to reschedule' };
}
