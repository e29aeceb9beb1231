import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface ShellSession {
  /**
   * Runs commands as a reader would type them one after the other: exported variables and the folder outlast them.
   * The first command that fails ends them.
   */
  run(commands: string, timeoutMs: number): Promise<{ readonly code: number; readonly output: string }>;
  end(): Promise<void>;
}

/** A bash that starts in `folder` with this environment. */
export async function createShellSession(
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<ShellSession> {
  const dir = await mkdtemp(path.join(tmpdir(), 'page-'));
  const state = path.join(dir, 'state');
  await writeFile(state, `cd ${quote(folder)}\n`);
  return {
    async run(commands, timeoutMs) {
      const script = [
        `set -euo pipefail`,
        `. ${quote(state)}`,
        commands,
        `{ declare -px; printf 'cd %q\\n' "$PWD"; } >${quote(state)}`,
      ].join('\n');
      return runBash(script, environment, timeoutMs);
    },
    end: () => rm(dir, { recursive: true, force: true }),
  };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function runBash(
  script: string,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    // A group of its own, so that what the commands left in the background ends with them.
    const child = spawn('bash', ['-c', script], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const endGroup = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // it has ended by itself
      }
    };
    const timer = setTimeout(endGroup, timeoutMs);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    child.once('error', reject);
    child.once('exit', () => setTimeout(endGroup, 200).unref());
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? 1, output });
    });
  });
}
