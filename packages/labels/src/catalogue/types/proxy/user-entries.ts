import { parsed } from '../../../values/parsed.js';
import type { LabelType } from '../label-type.js';

/** A user as written: without password it is looked up elsewhere. */
export interface UserEntry {
  readonly name: string;
  readonly password: string | undefined;
}

export interface UserEntries {
  readonly users: readonly UserEntry[];
  /** How many entries were dropped because they have no name or an empty password. */
  readonly dropped: number;
}

// eslint-disable-next-line no-control-regex -- these are the characters that could end a line
const CONTROL = /[\u0000-\u001f\u007f]/;

/**
 * `name:password` entries separated by commas or line ends; blanks around them are ignored and the first
 * colon separates. With `nameOnly` an entry may lack the colon: its password is looked up elsewhere.
 */
export function readUserEntries(text: string, { nameOnly }: { nameOnly: boolean }): UserEntries {
  const users: UserEntry[] = [];
  let dropped = 0;
  for (const item of text.split(/[\n,]/)) {
    const entry = item.trim();
    if (entry === '') continue;
    const colon = entry.indexOf(':');
    const name = colon < 0 ? entry : entry.slice(0, colon);
    const password = colon < 0 ? undefined : entry.slice(colon + 1);
    const unusable = name === '' || password === '' || (password === undefined && !nameOnly);
    if (unusable || CONTROL.test(entry)) dropped += 1;
    else users.push({ name, password });
  }
  return { users, dropped };
}

const SIGN = ',\\u0000-\\u001f\\u007f';
const ENTRY = `[^\\s:${SIGN}][^:${SIGN}]*(?::[^${SIGN}]*[^\\s${SIGN}][^${SIGN}]*)?`;

/**
 * Users that may use a service, with or without password. Somebody who wrote unusable entries only still
 * wants the service locked: then nobody may.
 */
export const userEntries: LabelType<readonly UserEntry[]> = {
  name: 'list of users',
  words: 'list, separated by commas: `name:password` or `name`',
  schema: { pattern: `\\s*(?:${ENTRY})?\\s*(?:[,\\n]\\s*(?:${ENTRY})?\\s*)*`, numbers: { type: 'number' } },
  read(text) {
    const { users, dropped } = readUserEntries(text, { nameOnly: true });
    if (dropped === 0) return parsed(users);
    return {
      ok: false,
      problem: `has ${dropped} unusable ${dropped === 1 ? 'entry' : 'entries'}`,
      expected: 'name:password entries',
      instead: { value: users.length === 0 ? [{ name: 'nobody', password: undefined }] : users },
    };
  },
};
