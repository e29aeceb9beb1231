/** Stands where a secret was. */
const HIDDEN = '***';

const CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi;
const TOKEN = /([?&](?:[\w-]*(?:token|password|passwd|secret|api[-_]?key)[\w-]*)=)[^&\s"'#]+/gi;

/** A text without passwords and tokens of the addresses in it. */
export function withoutCredentials(text: string): string {
  return text.replace(CREDENTIALS, `$1${HIDDEN}@`).replace(TOKEN, `$1${HIDDEN}`);
}
