import { setTimeout as sleep } from 'node:timers/promises';

/** Everything a command may touch of the process it runs in. */
export interface Io {
  readonly stdin: AsyncIterable<Buffer | string>;
  /** The result, and nothing else. Resolves when the reader is ready for more. */
  readonly writeResult: (text: string) => Promise<void>;
  /** Progress, problems, help. */
  readonly writeMessage: (text: string) => void;
  /** Whether the result goes to a terminal. */
  readonly isTerminal: boolean;
  /** Milliseconds since some moment. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The real process. A reader that has gone away ends it with status 0, SIGINT with 130. */
export function processIo(process: NodeJS.Process): Io {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  process.on('SIGINT', () => process.exit(130));
  return {
    stdin: process.stdin,
    writeResult: (text) =>
      new Promise((resolve) => {
        if (process.stdout.write(text)) resolve();
        else process.stdout.once('drain', () => resolve());
      }),
    writeMessage: (text) => process.stderr.write(text),
    isTerminal: process.stdout.isTTY,
    nowMs: () => performance.now(),
    sleep: (ms) => sleep(ms),
    environment: process.env,
  };
}
