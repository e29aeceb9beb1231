import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { until } from './until.js';

export interface ScalerProcess {
  /** `http://127.0.0.1:port`, without slash at the end. */
  readonly url: string;
  post(path: string): Promise<{ readonly status: number; readonly message: string }>;
  activities(): Promise<readonly ScalerActivity[]>;
  stop(): Promise<number | null>;
}

export interface ScalerActivity {
  readonly service: string;
  readonly outcome: string;
  readonly message: string;
  readonly explanation: string;
  readonly atMs: number;
}

/** The built scaler as a process beside the Swarm, so that a test can stop it and start it again. */
export async function startScaler(
  root: string,
  environment: Readonly<Record<string, string>>,
): Promise<ScalerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [`${root}/packages/scaler/dist/main.js`], {
    env: { PATH: process.env['PATH'], DF_LISTEN_ADDRESS: `127.0.0.1:${port}`, ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await until(
    'the scaler answers',
    async () => ((await fetch(`${url}/readyz`)).ok ? { done: true } : { notYet: 'not ready' }),
    {
      timeoutMs: 30_000,
      everyMs: 50,
    },
  );
  return {
    url,
    async post(path) {
      const answer = await fetch(url + path, { method: 'POST' });
      return { status: answer.status, message: ((await answer.json()) as { message: string }).message };
    },
    async activities() {
      const answer = await fetch(`${url}/v1/activities`);
      return ((await answer.json()) as { activities: ScalerActivity[] }).activities;
    },
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
