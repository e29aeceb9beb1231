import type { Actor } from '@docker-flow/daemon/process/lifecycle';

export interface StartOptions {
  /** What has to be done first; may end early when the signal aborts. */
  readonly prepare: (signal: AbortSignal) => Promise<void>;
  readonly actors: readonly Actor[];
}

/**
 * Actors that begin when the preparation is done. When it fails, the first of them fails with its error; when
 * the program is stopped before, none of them begins.
 */
export function createStart({ prepare, actors }: StartOptions): readonly Actor[] {
  let prepared: Promise<void> | undefined;
  return actors.map((actor, i) => ({
    name: actor.name,
    async run(signal) {
      prepared ??= prepare(signal);
      // One failure is told once, by the first of them.
      const isPrepared =
        i === 0
          ? prepared.then(() => true)
          : prepared.then(
              () => true,
              () => false,
            );
      return (await isPrepared) && !signal.aborted ? actor.run(signal) : undefined;
    },
  }));
}
