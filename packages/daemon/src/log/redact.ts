const SECRET_FIELD = /pass(word|wd)?$|token|secret|authorization|cookie|private_?key|credential/i;
/** Up to the last @ before the path: a password may hold one. */
const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"']*@/gi;
const SECRET_PARAMETER = /([?&](?:token|password|pass|secret|serviceCert|users)=)[^&\s"']+/gi;
const MASK = '***';
const MAX_DEPTH = 6;

/** Masks user names and passwords in URLs, and query parameters that hold secrets. */
export function redactText(text: string, secrets: readonly string[] = []): string {
  let result = text.replace(USER_INFO, `$1${MASK}@`).replace(SECRET_PARAMETER, `$1${MASK}`);
  for (const secret of secrets) if (secret.length >= 4) result = result.replaceAll(secret, MASK);
  return result;
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
  if (typeof value !== 'object' || value === null || depth >= MAX_DEPTH) return value;
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
