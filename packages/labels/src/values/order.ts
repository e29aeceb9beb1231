/** Halves of characters beyond U+FFFF begin here; what lies above them up to U+FFFF is less than they are. */
const [SURROGATES, ABOVE_SURROGATES] = [0xd800, 0xe000];

/**
 * Compares by UTF-8 bytes, so capitals come before small letters (the order of Go's sorted maps). The one
 * order of texts in all programs: what is written comes out alike wherever it is written.
 */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-8 orders by code point, and so does UTF-16 once the halves of long characters come last. */
function rank(unit: number): number {
  return unit >= SURROGATES && unit < ABOVE_SURROGATES ? unit + 0x10000 : unit;
}

/** An order of things by texts they have, the first text that differs decides: `list.sort(byText(({ name }) => name))`. */
export function byText<T>(...texts: readonly ((item: T) => string)[]): (a: T, b: T) => number {
  return (a, b) => {
    for (const textOf of texts) {
      const order = compareBytes(textOf(a), textOf(b));
      if (order !== 0) return order;
    }
    return 0;
  };
}
