import { compareBytes } from '@docker-flow/labels';

/**
 * The order of UTF-8 bytes. JavaScript compares UTF-16 units, which is the same (and much faster) as long
 * as there are no surrogate pairs.
 */
export function byteOrder(a: string, b: string): number {
  if (a === b) return 0;
  return /[\ud800-\udfff]/.test(a) || /[\ud800-\udfff]/.test(b) ? compareBytes(a, b) : a < b ? -1 : 1;
}
