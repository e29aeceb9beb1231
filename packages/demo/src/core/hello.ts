import { parsed, readInteger, type Parsed } from '@docker-flow/labels';

/** Longer than any proxy waits by default, so that its time limits can be tried out as well. */
export const LONGEST_DELAY_MS = 60_000;

/** Reads `?delay=`, whole milliseconds; absent and empty are no delay. */
export function readDelay(text: string | undefined): Parsed<number> {
  if (text === undefined || text === '') return parsed(0);
  return readInteger(text, { min: 0, max: LONGEST_DELAY_MS });
}
