import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { until } from '../until.js';

/** A built program of this checkout as a process beside the Swarm, so that a test can stop it and start it again. */
export interface ProgramProcess {
  /** `http://127.0.0.1:port`, without slash at the end. */
  readonly url: string;
  readonly pid: number;
  /** Asks it to end; answers its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts `packages/<name>/dist/main.js` and waits until it is ready. Its log goes to our standard error.
 *
 * @throws {Error} when it ends, or is not ready within half a minute
 */
export async function startProgram(
  root: string,
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<ProgramProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [`${root}/packages/${name}/dist/main.js`], {
    env: { PATH: process.env['PATH'], DF_LISTEN_ADDRESS: `127.0.0.1:${port}`, ...environment },
    stdio: ['ignore', 2, 2],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = until(
    `${name} is ready`,
    async () => ((await fetch(`${url}/readyz`)).ok ? { done: true } : { notYet: 'not ready' }),
    { everyMs: 50 },
  );
  const failed = ended.then((code) => Promise.reject(new Error(`${name} ended with ${code} at its start`)));
  await Promise.race([ready, failed]);
  failed.catch(() => undefined); // an end later on is the business of stop
  return {
    url,
    pid: child.pid ?? 0,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
