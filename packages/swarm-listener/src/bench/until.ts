import { setTimeout as sleep } from 'node:timers/promises';

/** @throws {Error} when it does not come about within `limitMs` */
export async function until(what: string, limitMs: number, done: () => boolean): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!done()) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await sleep(5);
  }
}
