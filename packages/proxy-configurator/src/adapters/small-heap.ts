import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/*
 * Keeps the heap small: this program sleeps most of its time, and what a burst of requests has used should
 * not stay with it. Must be imported before everything else. Without it 1,000 services take 90 MB more.
 */

// The young generation stays at its initial size instead of growing to three times 16 MB.
setFlagsFromString('--semi-space-growth-factor=1');
// The old generation grows slowly and is collected often.
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const QUIET_MS = 2_000;
let timer: NodeJS.Timeout | undefined;

/** Collects garbage once things have been quiet for two seconds; takes about 20 ms then. */
export function releaseMemoryWhenQuiet(): void {
  clearTimeout(timer);
  timer = setTimeout(collect, QUIET_MS);
  timer.unref();
}
