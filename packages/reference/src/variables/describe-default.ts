import type { z } from 'zod/v3';

/** A schema of one variable: reads the text of the environment. */
export type Variable = z.ZodType<unknown, z.ZodTypeDef, string | undefined>;

/**
 * What a program uses when the variable is unset, as a user would write it; `undefined` when it is then without
 * a value. Durations are kept in milliseconds and shown with their largest unit.
 */
export function describeDefault(variable: Variable, unit?: 'duration'): string | undefined {
  const result = variable.safeParse(undefined);
  if (!result.success || result.data === undefined || result.data === '') return undefined;
  return describe(result.data, unit);
}

function describe(value: unknown, unit: 'duration' | undefined): string | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(',');
  if (isAddress(value)) return `${value.host}:${value.port}`;
  if (typeof value === 'number' && unit === 'duration') return formatDuration(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new Error(`a default of this kind cannot be shown: ${JSON.stringify(value)}`);
}

function isAddress(value: unknown): value is { host: string; port: number } {
  return typeof value === 'object' && value !== null && 'host' in value && 'port' in value;
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

function formatDuration(ms: number): string {
  const [unit, size] = UNITS.find(([, length]) => ms >= length && ms % length === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
