import type { DockerCli } from './docker-cli.js';

/**
 * Asks a URL from inside the container of a service, where the APIs of our programs are at localhost:8080
 * although they are not published. Answers the body of any status.
 *
 * @throws {Error} when no container of the service runs on this engine
 */
export async function askInside(docker: DockerCli, service: string, url: string): Promise<string> {
  const ids = (await docker.run(['ps', '-q', '--filter', `label=com.docker.swarm.service.name=${service}`]))
    .trim()
    .split('\n');
  const id = ids[0];
  if (!id) throw new Error(`no container of ${service} runs on this engine`);
  const script = 'fetch(process.argv[1]).then(async (answer) => process.stdout.write(await answer.text()))';
  return docker.run(['exec', id, 'node', '-e', script, url]);
}
