import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { API } from '../api/openapi.js';
import { freePorts } from './live-haproxy.js';

const SOURCES = path.join(process.cwd(), 'packages/proxy-configurator/src');
const LOADER = pathToFileURL(path.join(SOURCES, 'testing/source-loader.mjs')).href;
const START_LIMIT_MS = 60_000;

export interface ProcessAnswer {
  readonly status: number;
  readonly body: string;
}

/** The program in a process of its own, for what can only be done to a process. */
export interface ProxyProcess {
  /** What it has printed so far. */
  readonly output: () => string;
  /** A request below the API's path; `undefined` when nobody answers. */
  get(
    route: string,
    query?: Readonly<Record<string, string | undefined>>,
  ): Promise<ProcessAnswer | undefined>;
  /** Resolves when it answers. @throws {Error} when it has ended, or does not within some seconds */
  answers(): Promise<void>;
  /** Sends a signal and answers how many milliseconds it has taken to end. */
  end(signal: NodeJS.Signals): Promise<number>;
}

export interface ProcessPlace {
  /** Folder of all its files. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A command that runs the one it is given, such as `unshare`. */
  readonly through?: readonly string[];
}

/** Starts it, straight from the sources. */
export async function startProxyProcess({ root, environment, through }: ProcessPlace): Promise<ProxyProcess> {
  const [port = 0] = await freePorts(1);
  const register = `import { register } from 'node:module'; register(${JSON.stringify(LOADER)});`;
  const [command, ...words] = [
    ...(through ?? []),
    process.execPath,
    '--import',
    `data:text/javascript,${encodeURIComponent(register)}`,
    path.join(SOURCES, 'main.ts'),
  ];
  const child = spawn(command, words, {
    env: {
      PATH: process.env['PATH'],
      DF_FS_ROOT: root,
      DF_LISTEN_ADDRESS: `127.0.0.1:${port}`,
      ALLOW_LOOPBACK: 'true',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  let hasEnded = false;
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      hasEnded = true;
      resolve();
    }),
  );
  async function get(route: string, query: Readonly<Record<string, string | undefined>> = {}) {
    const given = Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as [string, string]],
    );
    try {
      const response = await fetch(
        `http://127.0.0.1:${port}${API}${route}?${new URLSearchParams(given).toString()}`,
      );
      return { status: response.status, body: await response.text() };
    } catch {
      return undefined;
    }
  }
  return {
    output: () => said,
    get,
    async answers() {
      const deadline = performance.now() + START_LIMIT_MS;
      while ((await get('/ping')) === undefined) {
        if (hasEnded || performance.now() > deadline) throw new Error(`The program does not start: ${said}`);
        await sleep(10);
      }
    },
    async end(signal) {
      const begun = performance.now();
      child.kill(signal);
      await ended;
      return performance.now() - begun;
    },
  };
}

/** Process ids of the HAProxy processes that work on the files below a folder. */
export function haproxiesOf(root: string): readonly number[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^[0-9]+$/.test(pid)) return [];
    try {
      const [command = '', ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return path.basename(command) === 'haproxy' && words.some((word) => word.includes(root))
        ? [Number(pid)]
        : [];
    } catch {
      return [];
    }
  });
}
