import { firstValues, readBoolean, readStep, type QueryPair, type Step } from '@docker-flow/labels';

/** Longer than any name Docker knows. Names are kept with the activities, so their length must have an end. */
const LONGEST_TEXT = 1_000;

/** A text that is neither empty nor longer than any name can be. */
export function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_TEXT ? value : undefined;
}

const LARGEST_INT64 = 2n ** 63n - 1n;

/** `by` as text: integer with or without sign, or a percentage; zero, unreadable and too large values are absent. */
export function readBy(text: string | undefined): Step | undefined {
  if (text === undefined) return undefined;
  const long = /^[+-]?0*([1-9][0-9]{15,18})$/.exec(text)?.[1];
  if (long !== undefined) {
    return BigInt(long) <= LARGEST_INT64 ? { unit: 'count', size: Number(long) } : undefined;
  }
  const step = readStep(text.replace(/^([+-]?)0+(?=[0-9])/, '$1'));
  return step.ok ? step.value : undefined;
}

/** A JSON number counts if it is a non-negative integer; texts are read like the query, since Alertmanager sends texts only. */
export function readByOfBody(value: unknown): Step | undefined {
  if (typeof value === 'string') return readBy(value);
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0) return undefined;
  return { unit: 'count', size: value };
}

/** A count of replicas or nodes: digits only. */
export function readCount(text: string): number | undefined {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Whether the query asks for an answer only; `undefined` when it cannot be read. */
export function readDryRun(query: readonly QueryPair[]): boolean | undefined {
  const text = firstValues(query)['dryRun'];
  if (text === undefined) return false;
  const read = readBoolean(text);
  return read.ok ? read.value : undefined;
}
