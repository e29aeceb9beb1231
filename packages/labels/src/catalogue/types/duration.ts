import { DURATION_PATTERN, readDuration } from '../../values/duration.js';
import { mapParsed } from '../../values/parsed.js';
import type { LabelType } from './label-type.js';

/** A Prometheus duration: as it was written, and how long that is. */
export interface DurationText {
  readonly text: string;
  readonly ms: number;
}

export const duration: LabelType<DurationText> = {
  name: 'duration',
  words: 'duration such as `30s` or `1h30m`',
  schema: { pattern: DURATION_PATTERN, numbers: { type: 'integer', minimum: 0, maximum: 0 } },
  read: (text) => mapParsed(readDuration(text), (ms) => ({ text, ms })),
};

/** A duration that Prometheus accepts, or `undefined`. */
export function readPrometheusDuration(text: string): DurationText | undefined {
  const result = duration.read(text);
  return result.ok ? result.value : undefined;
}
