export interface LiveTextDeps {
  /** The file that HAProxy was started with; `undefined` while there is none. */
  readonly read: () => Promise<string | undefined>;
  /** Whether a configuration of ours is in force. */
  readonly isLive: () => boolean;
  /** Asks for a run and waits for its end. */
  readonly run: () => Promise<unknown>;
}

/**
 * Text of the configuration that runs. Who asks while the first one is still being made gets that one; `undefined` when
 * none could be made.
 */
export async function liveText({ read, isLive, run }: LiveTextDeps): Promise<string | undefined> {
  const text = await read();
  if (text !== undefined || isLive()) return text;
  // Why it fails is told by the run itself.
  await run().catch(() => undefined);
  return read();
}
