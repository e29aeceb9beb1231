import type { Io } from '../io.js';

export type ColorChoice = 'auto' | 'always' | 'never';

/** Whether the result has colour: as asked, else only in a terminal that can and wants it. */
export function hasColor(choice: ColorChoice, { environment, isTerminal }: Io): boolean {
  if (choice !== 'auto') return choice === 'always';
  return isTerminal && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}
