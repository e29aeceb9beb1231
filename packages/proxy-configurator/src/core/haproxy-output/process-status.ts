/** What the kernel says of a process, in `/proc/PID/status`. */
export interface ProcessStatus {
  /** A signal was sent, and the process has not run since then to take it. */
  readonly hasPending: (signal: number) => boolean;
  /** It waits for something to happen; one that has work to do does not. */
  readonly isWaiting: boolean;
  /** How often its main thread was given a processor. */
  readonly runs: number;
}

/** Reads the file; `undefined` when the process has ended, or when it is none. */
export function readProcessStatus(text: string): ProcessStatus | undefined {
  const state = /^State:\s+(\S)/m.exec(text)?.[1];
  const pending = /^ShdPnd:\s+([0-9a-f]+)/m.exec(text)?.[1];
  // Z: it has ended, and its parent has not asked yet how.
  if (state === undefined || pending === undefined || state === 'Z') return undefined;
  const switches = [...text.matchAll(/^(?:non)?voluntary_ctxt_switches:\s+([0-9]+)/gm)];
  const bits = BigInt(`0x${pending}`);
  return {
    hasPending: (signal) => ((bits >> BigInt(signal - 1)) & 1n) === 1n,
    isWaiting: state === 'S',
    runs: switches.reduce((sum, [, count]) => sum + Number(count), 0),
  };
}
