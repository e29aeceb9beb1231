const SECRET_FIELD = /pass(word|wd)?$|token|secret|authorization|cookie|private_?key|credential/i;
const SECRET_PARAMETER = /([?&](?:token|password|pass|secret|serviceCert|users)=)[^&\s"']+/gi;
const END_OF_AUTHORITY = /[\s/?#"']/g;
const MASK = '***';
const MAX_DEPTH = 6;
/** Nobody reads more of one value in a line, and a label of a megabyte must not become one. */
const MAX_SHOWN = 2_048;

/**
 * Masks user names and passwords in URLs, query parameters that hold secrets, and secrets that are known. What is
 * longer than 2 KiB is cut, after that. Takes time in proportion to the text, whatever the text is.
 */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let result = maskUserInfo(text).replace(SECRET_PARAMETER, `$1${MASK}`);
  for (const secret of secrets) if (secret.length >= 4) result = result.replaceAll(secret, MASK);
  return result.length <= MAX_SHOWN ? result : `${result.slice(0, MAX_SHOWN)}… (${result.length} characters)`;
}

/** Up to the last @ before the path: a password may hold one. */
function maskUserInfo(text: string): string {
  let result = '';
  let done = 0;
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', Math.max(done, at + 3))) {
    const start = at + 3;
    END_OF_AUTHORITY.lastIndex = start;
    const end = END_OF_AUTHORITY.exec(text)?.index ?? text.length;
    const sign = text.slice(start, end).lastIndexOf('@');
    if (sign < 0 || !/[a-z0-9+.-]/i.test(text[at - 1] ?? '')) continue;
    result += `${text.slice(done, start)}${MASK}`;
    done = start + sign;
  }
  return result + text.slice(done);
}

/** A copy of a log field without anything secret: by its name, by its form, or by being a known secret. */
export function redactField(
  name: string,
  value: unknown,
  secrets: readonly string[] = [],
  depth = 0,
): unknown {
  if (SECRET_FIELD.test(name) && value !== undefined && value !== '' && typeof value !== 'boolean')
    return MASK;
  if (typeof value === 'string') return redactText(value, secrets);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return describeError(value, secrets, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  if (Array.isArray(value)) return value.map((item: unknown) => redactField('', item, secrets, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, redactField(key, item, secrets, depth + 1)]),
  );
}

/** Name, code, message, stack and cause of an error; nothing else of it (axios errors carry headers and bodies). */
export function describeError(
  error: Error,
  secrets: readonly string[] = [],
  depth = 0,
): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    message: redactText(error.message, secrets),
    ...(error.stack === undefined ? {} : { stack: redactText(error.stack, secrets) }),
    ...(error.cause instanceof Error && depth < MAX_DEPTH
      ? { cause: describeError(error.cause, secrets, depth + 1) }
      : {}),
  };
}
