/** Runs work for one key strictly one after the other; other keys are not held up. */
export interface KeyedQueue {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** From now on `alias` means the same as `key`: a service's name and its id. */
  alias(alias: string, key: string): void;
}

const MOST_ALIASES = 20_000;

export function createKeyedQueue(): KeyedQueue {
  const tails = new Map<string, Promise<unknown>>();
  const aliases = new Map<string, string>();

  function setTail(key: string, tail: Promise<unknown>): void {
    tails.set(key, tail);
    void tail.then(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
  }

  return {
    run(asked, work) {
      const key = aliases.get(asked) ?? asked;
      const result = (tails.get(key) ?? Promise.resolve()).then(work, work);
      setTail(
        key,
        result.catch(() => undefined),
      );
      return result;
    },
    alias(alias, key) {
      if (alias === key || aliases.get(alias) === key) return;
      if (aliases.size >= MOST_ALIASES) aliases.clear();
      aliases.set(alias, key);
      // What already waits under the alias goes first.
      const earlier = tails.get(alias);
      if (earlier !== undefined) setTail(key, Promise.all([earlier, tails.get(key)]));
    },
  };
}
