/** Resolves once the signal has aborted, at once when it already has. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/**
 * Whether the signal has aborted. A function, because TypeScript takes `signal.aborted` for false after an
 * `await` when it was false before.
 */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
