import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts, processorSeconds, residentMegabytes } from '@docker-flow/testkit';

const MAIN = path.join(import.meta.dirname, '../main.js');
const START_LIMIT_MS = 30_000;

/** The built program on a port of its own. */
export interface ScalerProcess {
  readonly url: string;
  cpuSeconds(): number;
  rssMegabytes(): number;
  stop(): Promise<void>;
}

/** @throws {Error} when it does not answer within half a minute */
export async function startScaler(variables: Readonly<Record<string, string>>): Promise<ScalerProcess> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'],
      MALLOC_ARENA_MAX: '1', // as in docker/scaler.Dockerfile
      DF_LISTEN_ADDRESS: `127.0.0.1:${port}`,
      LOG_LEVEL: 'warn',
      ...variables,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit');
  const pid = child.pid ?? 0;
  const deadline = performance.now() + START_LIMIT_MS;
  const isUp = () =>
    fetch(`${url}/v1/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isUp())) {
    if (performance.now() > deadline || child.exitCode !== null) throw new Error(`${url} does not answer`);
    await pause(50);
  }
  return {
    url,
    cpuSeconds: () => processorSeconds(pid),
    rssMegabytes: () => residentMegabytes(pid),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
