import type { DockerCli } from './docker-cli.js';
import { listServices } from './stack.js';
import type { Progress } from '../progress.js';

const LINES = '100';

/** Runs the work; when it fails, shows the last log lines of every service before the error goes on. */
export async function withLogsOnFailure<T>(
  docker: DockerCli,
  progress: Progress,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const { name } of await listServices(docker)) {
      progress.chapter(`Log of ${name}`);
      const log = await docker.run(['service', 'logs', '--raw', '--tail', LINES, name]).catch(String);
      for (const line of log.trimEnd().split('\n')) progress.note(line);
    }
    throw error;
  }
}
