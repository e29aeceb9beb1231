import type { Excuse } from '../plan/faults.js';

/** A request that did not end with 200. */
export interface Failure {
  readonly beganMs: number;
  readonly endedMs: number;
  /** Address of the proxy it was sent to. */
  readonly proxy: string;
  readonly service: string;
  readonly problem: string;
}

/** From the moment of a fault until everything was seen in order again. */
export interface FaultWindow {
  readonly fault: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly excuse: Excuse;
  /** The one that was hit, where the excuse is `proxy`. */
  readonly proxy?: string;
}

/** Those that no fault explains: nothing was killed under them. */
export function unexcused(failures: readonly Failure[], windows: readonly FaultWindow[]): readonly Failure[] {
  return failures.filter((failure) => !windows.some((window) => explains(window, failure)));
}

function explains({ excuse, fromMs, untilMs, proxy }: FaultWindow, failure: Failure): boolean {
  if (excuse === 'none' || failure.endedMs < fromMs || failure.beganMs > untilMs) return false;
  return excuse === 'all' || failure.proxy === proxy;
}

export function failureInWords({ beganMs, endedMs, proxy, service, problem }: Failure): string {
  return `${new Date(beganMs).toISOString()} ${service} through ${proxy}: ${problem} after ${endedMs - beganMs} ms`;
}
