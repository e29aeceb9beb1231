import type { Actor } from './actor.js';
import { createReconciler, type ReconcilerOptions } from './reconciler.js';
import { createSerialQueue } from './serial-queue.js';

type Verdicts<V> = ReadonlyMap<string, V>;

export interface ChangeReconcilerOptions<C, V> extends Omit<ReconcilerOptions<Verdicts<V>>, 'reconcile'> {
  /** What a change is about. */
  readonly keyOf: (change: C) => string;
  /**
   * One whole run with these changes, at most one for each key, and none when a run is only repeated. Answers what
   * became of each key.
   */
  readonly reconcile: (changes: readonly C[], signal: AbortSignal) => Promise<Verdicts<V>>;
  /** Of two changes of one key each has a run of its own (default), or the newer one takes the place of the older. */
  readonly sameKey?: 'in turn' | 'newest';
}

/** Changes go in, and each caller hears what became of its own. */
export interface ChangeReconciler<C, V> extends Actor {
  /**
   * Makes a run with this change and answers its verdict about the key; where a newer change took its place, the
   * verdict about that one.
   *
   * @throws what the run threw, or an Error when the program ended before it began
   */
  submit(change: C): Promise<V>;
  /** Changes that nobody waits for. */
  merge(changes: readonly C[]): void;
  /** Asks for a run without a change and does not wait. */
  trigger(): void;
  /** Makes a run without a change and answers its verdicts. */
  refresh(): Promise<Verdicts<V>>;
}

/** A reconciler that carries the changes of its callers into the run, and the verdicts back out. */
export function createChangeReconciler<C, V>(options: ChangeReconcilerOptions<C, V>): ChangeReconciler<C, V> {
  const { keyOf, reconcile, sameKey = 'in turn', ...rest } = options;
  const pending = new Map<string, C>();
  const turns = createSerialQueue();
  const reconciler = createReconciler<Verdicts<V>>({
    ...rest,
    reconcile(signal) {
      const changes = [...pending.values()];
      pending.clear();
      return reconcile(changes, signal);
    },
  });

  async function submitNow(change: C): Promise<V> {
    const key = keyOf(change);
    // In the order of the newest changes.
    pending.delete(key);
    pending.set(key, change);
    const verdicts = await reconciler.submit();
    if (!verdicts.has(key)) throw new Error(`the run said nothing about ${key}`);
    return verdicts.get(key) as V;
  }

  function submit(change: C): Promise<V> {
    return sameKey === 'newest' ? submitNow(change) : turns.run(keyOf(change), () => submitNow(change));
  }

  return {
    name: reconciler.name,
    submit,
    merge(changes) {
      // The run tells of its own failures.
      for (const change of changes) submit(change).catch(() => undefined);
    },
    trigger: () => reconciler.trigger(),
    refresh: () => reconciler.submit(),
    run: (signal) => reconciler.run(signal),
  };
}
