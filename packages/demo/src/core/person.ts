import { parsed, unreadable, type Parsed } from '@docker-flow/labels';

export interface Person {
  readonly name: string;
}

export const LONGEST_NAME = 100;

/** A name is one line of at most 100 characters. Blanks around it are dropped. */
export function readPersonName(text: string): Parsed<string> {
  const expected = `a name of 1 to ${LONGEST_NAME} characters on one line`;
  const name = text.trim();
  if (name === '') return unreadable('is empty', expected);
  if (Array.from(name).length > LONGEST_NAME) return unreadable('is too long', expected);
  // Lines are what lists are made of; PostgreSQL takes no NUL and neither database half a character.
  if (/\p{Cc}|\p{Cs}|\u2028|\u2029/u.test(name)) return unreadable('holds control characters', expected);
  return parsed(name);
}
