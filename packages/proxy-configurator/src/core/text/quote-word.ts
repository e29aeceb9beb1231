const PLAIN = /^[A-Za-z0-9_./:@%+,=~^*!?&;|<>()[\]{}-]+$/;

/**
 * One word of a HAProxy line. Inside single quotes HAProxy takes everything literally up to the next
 * single quote (configuration manual 2.2); blanks, `#`, `"`, `\` and `$` mean nothing there.
 */
export function quoteWord(word: string): string {
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
