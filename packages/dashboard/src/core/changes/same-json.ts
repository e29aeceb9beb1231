type Fields = Readonly<Record<string, unknown>>;

/** Whether two values of JSON say the same: the order of fields plays no role, and `undefined` is a field that is not there. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((one, i) => sameJson(one, b[i]))
    );
  return sameFields(a as Fields, b as Fields);
}

function sameFields(a: Fields, b: Fields): boolean {
  for (const key in a) if (!sameJson(fieldOf(a, key), fieldOf(b, key))) return false;
  for (const key in b) if (fieldOf(a, key) === undefined && fieldOf(b, key) !== undefined) return false;
  return true;
}

/** Services may have labels that are called as what every object has: `constructor`. */
function fieldOf(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}
