import { spawn, type ChildProcess } from 'node:child_process';
import { NotFoundError } from '../errors.js';
import { sleep } from '../concurrency/sleep.js';

export interface ChildOptions {
  /** Looked up through PATH. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Called for each line the child prints; without it the child shares our standard output. */
  readonly onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Child {
  readonly pid: number;
  /** Resolves when the process has ended; never rejects. */
  readonly exited: Promise<ChildExit>;
  readonly running: () => boolean;
  /** Sends a signal to this very process. False when it has ended already. */
  kill(signal: NodeJS.Signals): boolean;
  /** SIGTERM (or the given signal), SIGKILL after `graceMs`; answers how it ended. */
  stop(options: { graceMs: number; signal?: NodeJS.Signals }): Promise<ChildExit>;
}

/**
 * Starts a program without a shell and waits until it is running.
 *
 * @throws {NotFoundError} when there is no such program, or it cannot be executed
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const child = spawn(options.command, [...options.args], {
    stdio: ['ignore', options.onLine ? 'pipe' : 'inherit', options.onLine ? 'pipe' : 'inherit'],
    ...(options.env ? { env: options.env } : {}),
    ...(options.cwd ? { cwd: options.cwd } : {}),
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', () => resolve());
    child.once('error', (error) =>
      reject(new NotFoundError(`${options.command} cannot be started: ${error.message}`, { cause: error })),
    );
  });
  readLines(child, options.onLine);
  const { pid } = child;
  if (pid === undefined) throw new NotFoundError(`${options.command} has no process id`);
  let ended: ChildExit | undefined;
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = { code, signal };
      resolve(ended);
    });
  });
  // A signal that cannot be delivered comes back as 'error'; without a listener it would end the program.
  child.on('error', () => undefined);
  function kill(signal: NodeJS.Signals): boolean {
    return ended === undefined && child.kill(signal);
  }
  return {
    pid,
    exited,
    running: () => ended === undefined,
    kill,
    async stop({ graceMs, signal = 'SIGTERM' }) {
      kill(signal);
      const late = new AbortController();
      await Promise.race([exited, sleep(graceMs, late.signal)]);
      late.abort();
      kill('SIGKILL');
      return exited;
    },
  };
}

function readLines(child: ChildProcess, onLine: ChildOptions['onLine']): void {
  if (!onLine) return;
  for (const name of ['stdout', 'stderr'] as const) {
    let rest = '';
    child[name]
      ?.setEncoding('utf8')
      .on('data', (chunk: string) => {
        const lines = (rest + chunk).split(/\r?\n/);
        rest = lines.pop() ?? '';
        for (const line of lines) onLine(line, name);
      })
      .on('end', () => {
        if (rest !== '') onLine(rest, name);
      });
  }
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a short command to its end and answers what it printed (bounded to 1 MB a stream).
 *
 * @throws {NotFoundError} when there is no such program
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { timeoutMs, cwd, env }: { timeoutMs: number; cwd?: string; env?: NodeJS.ProcessEnv },
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(cwd ? { cwd } : {}),
      ...(env ? { env } : {}),
    });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        if (output[name].length < 1_048_576) output[name] += chunk;
      });
    }
    child.once('error', (error) =>
      reject(new NotFoundError(`${command} cannot be started: ${error.message}`, { cause: error })),
    );
    child.once('close', (code) => resolve({ code, ...output }));
  });
}
