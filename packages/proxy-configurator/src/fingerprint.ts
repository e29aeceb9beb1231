import { createHash } from 'node:crypto';

/** Short text that differs when the given text does. */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
