import { spawn } from 'node:child_process';
import { freePort } from './scaler-process.js';
import { until } from './until.js';

export interface ListenerProcess {
  readonly url: string;
  stop(): Promise<number | null>;
}

/** The built swarm-listener as a process beside the Swarm; its log goes to our standard error. */
export async function startListenerProcess(
  root: string,
  environment: Readonly<Record<string, string>>,
): Promise<ListenerProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [`${root}/packages/swarm-listener/dist/main.js`], {
    env: { PATH: process.env['PATH'], DF_LISTEN_ADDRESS: `127.0.0.1:${port}`, ...environment },
    stdio: ['ignore', 2, 2],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await until(
    'swarm-listener is ready',
    async () => ((await fetch(`${url}/readyz`)).ok ? { done: true } : { notYet: 'not ready' }),
    { timeoutMs: 30_000, everyMs: 50 },
  );
  return {
    url,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
