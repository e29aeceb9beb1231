import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from '../until.js';
import { freePort } from './program-process.js';

/** A real Alertmanager of this machine, which tells nobody. */
export interface AlertmanagerProcess {
  /** `http://127.0.0.1:port`, without slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** @throws {Error} when it is not ready within half a minute */
export async function startAlertmanager(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<AlertmanagerProcess> {
  const config = path.join(folder, 'alertmanager.yml');
  await writeFile(config, 'route: {receiver: nobody, group_wait: 0s}\nreceivers: [{name: nobody}]\n');
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    environment['ALERTMANAGER'] ?? 'prometheus-alertmanager',
    [
      `--config.file=${config}`,
      `--storage.path=${path.join(folder, 'alertmanager')}`,
      `--web.listen-address=${url.slice('http://'.length)}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.on('error', () => undefined);
  await until(
    'Alertmanager is ready',
    async () => ((await fetch(`${url}/-/ready`)).ok ? { done: true } : { notYet: 'not ready' }),
    { everyMs: 50 },
  );
  return {
    url,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}
