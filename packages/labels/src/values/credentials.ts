/** Stands where a secret was. */
const HIDDEN = '***';

// Schemes and names end somewhere, so that long texts take time in proportion to their length.
const CREDENTIALS = /([a-z][a-z0-9+.-]{0,31}:\/\/)[^\s/@"']+@/gi;
const TOKEN = /([?&][\w-]{0,32}(?:token|password|passwd|secret|api[-_]?key)[\w-]{0,32}=)[^&\s"'#]+/gi;

/** A text without passwords and tokens of the addresses in it. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, `$1${HIDDEN}@`).replace(TOKEN, `$1${HIDDEN}`);
}
