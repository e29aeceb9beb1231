import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processorSeconds, residentMegabytes } from '@docker-flow/testkit';

const HOST = '127.0.0.1';
const STATUSES = [400, 403, 405, 408, 429, 500, 502, 503, 504];

/** A program under measurement, in a folder of its own. */
export interface BenchProgram {
  readonly address: string;
  get(route: string): Promise<string>;
  put(route: string): Promise<void>;
  /** Megabytes that it holds now. */
  memory(): number;
  /** Processor time so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

export interface BenchProgramOptions {
  /** The script, from the root of the repository. */
  readonly main: string;
  readonly port: number;
  readonly ping: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** @throws {Error} when it does not answer */
export async function startProgram(options: BenchProgramOptions): Promise<BenchProgram> {
  const { main, port, ping, environment } = options;
  const root = mkdtempSync(path.join(tmpdir(), 'certificates-bench-'));
  for (const name of ['cfg/tmpl', 'certs', 'run/secrets', 'errorfiles', 'var/run', 'state'])
    mkdirSync(path.join(root, name), { recursive: true });
  for (const status of STATUSES)
    writeFileSync(
      path.join(root, `errorfiles/${status}.http`),
      `HTTP/1.0 ${status} No\r\nConnection: close\r\n\r\n`,
    );
  const child = spawn(process.execPath, [path.resolve(import.meta.dirname, '../../../..', main)], {
    env: {
      PATH: process.env['PATH'],
      // As in the image.
      MALLOC_ARENA_MAX: '1',
      LOG_LEVEL: 'warn',
      DF_FS_ROOT: root,
      DF_LISTEN_ADDRESS: `${HOST}:${port}`,
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const address = `http://${HOST}:${port}`;
  const ask = async (route: string, method = 'GET') => {
    const response = await fetch(address + route, { method });
    const text = await response.text();
    if (!response.ok) throw new Error(`${route}: status ${response.status} ${text.slice(0, 200)}`);
    return text;
  };
  for (let tries = 0; ; tries += 1) {
    if (
      await ask(ping).then(
        () => true,
        () => false,
      )
    )
      break;
    if (tries > 300) throw new Error(`${main} does not answer`);
    await pause(50);
  }
  return {
    address,
    get: (route) => ask(route),
    async put(route) {
      await ask(route, 'PUT');
    },
    memory: () => residentMegabytes(child.pid ?? 0),
    cpuSeconds: () => processorSeconds(child.pid ?? 0),
    async stop() {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}
