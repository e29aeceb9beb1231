/**
 * A value as JSON for programs, with a line end. Control characters are escaped, also those that JSON would let through:
 * a terminal that shows the text must not take them for commands.
 */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, escaped)}\n`;
}

function escaped(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
