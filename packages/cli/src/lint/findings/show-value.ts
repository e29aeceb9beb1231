import { withoutCredentials } from '@docker-flow/labels';

const LONGEST_SHOWN = 120;

/** `port="eighty"`: a label and its value for people, on one line, cut, and never of a secret. */
export function showLabel(parameter: string, value: string, isSecret: boolean): string {
  return isSecret ? parameter : `${parameter}=${quoted(value)}`;
}

/** A text in quotes on one line, not longer than people read; control characters are escaped. */
export function quoted(value: string): string {
  const safe = withoutCredentials(value);
  const cut = safe.length > LONGEST_SHOWN ? `${safe.slice(0, LONGEST_SHOWN)}…` : safe;
  return JSON.stringify(cut).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, escaped);
}

/** A text without control characters, which would move the cursor or begin a line. */
export function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, escaped);
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
