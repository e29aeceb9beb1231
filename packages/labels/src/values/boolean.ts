import { parsed, unreadable, type Parsed } from './parsed.js';

const TRUE: readonly string[] = ['1', 't', 'T', 'true', 'TRUE', 'True'];
const FALSE: readonly string[] = ['0', 'f', 'F', 'false', 'FALSE', 'False'];

/** Every spelling of a boolean that the original programs understand (Go's `strconv.ParseBool`). */
export const BOOLEAN_SPELLINGS: readonly string[] = [...TRUE, ...FALSE];

/** Reads a boolean in one of {@link BOOLEAN_SPELLINGS}: labels, variables and parameters alike. */
export function readBoolean(text: string): Parsed<boolean> {
  if (TRUE.includes(text)) return parsed(true);
  if (FALSE.includes(text)) return parsed(false);
  return unreadable('is not a boolean', 'true or false');
}
