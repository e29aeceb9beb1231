import { setFlagsFromString } from 'node:v8';

/**
 * V8 by itself lets the young generation grow to 48 MB and keeps it. With these flags 1,000 services take
 * 85 MB instead of 170, and a run costs a few milliseconds more. To be called before anything else is loaded.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
}
