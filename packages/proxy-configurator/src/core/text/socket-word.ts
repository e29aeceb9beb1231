/**
 * One word of a command on HAProxy's socket (management guide 9.3): a backslash takes the meaning of a blank, a
 * semicolon and itself; quotes mean nothing there. `undefined` for a word that cannot be said so.
 */
export function socketWord(word: string): string | undefined {
  if (word === '' || word.startsWith('<<') || !/^[\x20-\x7e]+$/.test(word)) return undefined;
  return word.replace(/[\\; ]/g, '\\$&');
}
