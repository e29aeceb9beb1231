/** Control characters: no label may bring one into a file, however it was encoded. */
// eslint-disable-next-line no-control-regex -- these are the characters that could end a line
const CONTROL = /[\u0000-\u001f\u007f\u0085\u2028\u2029]/;

/**
 * The path that decisions look at, as HAProxy makes it from a request (`decision-path.ts`): percent-decoded once, `\`
 * as `/`, `;…` cut off each segment, `//` and `/./` collapsed. `undefined` for one that is ambiguous, which gets 400.
 */
export function normalizePath(path: string): string | undefined {
  if (path.includes('%00')) return undefined;
  if (/%(?![0-9A-Fa-f]{2})/.test(path)) return undefined;
  const normal = (percentDecoded(path) ?? byteByByte(path))
    .replaceAll('\\', '/')
    .replace(/;[^/]*/g, '')
    .replace(/(?:\/+\.(?=\/))*\/+/g, '/')
    .replace(/\/\.$/, '/');
  return /\/\.\.(?:\/|$)/.test(normal) ? undefined : normal;
}

/**
 * A path of a label, compared with the path for decisions: decoded once, too. One that cannot be decoded, or
 * would no longer stand on one line, stays as it is written, and can never match.
 */
export function normalizePattern(pattern: string): string {
  const decoded = percentDecoded(pattern);
  return decoded === undefined || CONTROL.test(decoded) ? pattern : decoded;
}

/** The same for a regular expression, in which a decoded sign stands for itself. */
export function normalizeExpression(expression: string): string {
  return expression.replace(/(?:%[0-9A-Fa-f]{2})+/g, (encoded) => {
    const decoded = percentDecoded(encoded);
    if (decoded === undefined || CONTROL.test(decoded)) return encoded;
    return decoded.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  });
}

/** What HAProxy makes of bytes that are no text. */
function byteByByte(path: string): string {
  return path.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

/** `undefined` for `%` without two hexadecimal digits, and for bytes that are no text. */
function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
