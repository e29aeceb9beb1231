/** Does work for one key strictly one after the other, in the order it came; other keys are not held up. */
export interface SerialQueue {
  /**
   * Starts `work` when everything that came before it for this key has ended; answers or throws what it does.
   *
   * @throws {DroppedError} when it was given up because too much came after it
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** From now on `alias` means the same as `key`: a service's name and its id. What waits under the alias goes first. */
  alias(alias: string, key: string): void;
  /** Resolves when nothing is under way or waiting. */
  idle(): Promise<void>;
}

export interface SerialQueueOptions {
  /** When more than this wait for one key, the oldest is given up: a neighbour that hangs must not fill the memory. */
  readonly maxWaiting?: number;
}

/** Work was given up before it began, because too much came after it. */
export class DroppedError extends Error {
  override readonly name = 'DroppedError';
}

interface Job {
  /** Never rejects. */
  readonly start: () => Promise<void>;
  readonly drop: () => void;
}

interface Line {
  push(job: Job): void;
  idle(): Promise<void>;
}

const MAX_ALIASES = 20_000;

export function createSerialQueue({ maxWaiting = Infinity }: SerialQueueOptions = {}): SerialQueue {
  const lines = new Map<string, Line>();
  const aliases = new Map<string, string>();

  function lineOf(key: string): Line {
    const known = lines.get(key);
    if (known) return known;
    const line = createLine(maxWaiting, () => lines.delete(key));
    lines.set(key, line);
    return line;
  }

  return {
    run<T>(asked: string, work: () => Promise<T>) {
      return new Promise<T>((resolve, reject) => {
        lineOf(aliases.get(asked) ?? asked).push({
          start: () => start(work).then(resolve, reject),
          drop: () => reject(new DroppedError(`too much waits for ${asked}, the oldest was given up`)),
        });
      });
    },
    alias(alias, key) {
      if (alias === key || aliases.get(alias) === key) return;
      if (aliases.size >= MAX_ALIASES) aliases.clear();
      aliases.set(alias, key);
      const earlier = lines.get(alias);
      if (earlier) lineOf(key).push({ start: () => earlier.idle(), drop: () => undefined });
    },
    async idle() {
      while (lines.size > 0) await Promise.all([...lines.values()].map((line) => line.idle()));
    },
  };
}

function createLine(maxWaiting: number, onIdle: () => void): Line {
  const jobs: Job[] = [];
  const idlers: (() => void)[] = [];
  let isBusy = false;

  async function start(job: Job): Promise<void> {
    isBusy = true;
    await job.start();
    const next = jobs.shift();
    if (next) void start(next);
    else {
      isBusy = false;
      onIdle();
      for (const resolve of idlers.splice(0)) resolve();
    }
  }

  return {
    push(job) {
      if (!isBusy) {
        void start(job);
        return;
      }
      if (jobs.length >= maxWaiting) jobs.shift()?.drop();
      jobs.push(job);
    },
    idle: () => (isBusy ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  };
}

/** Also work that throws before its first `await` rejects. */
async function start<T>(work: () => Promise<T>): Promise<T> {
  return work();
}
