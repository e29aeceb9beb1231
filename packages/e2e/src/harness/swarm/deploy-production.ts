import { spawn } from 'node:child_process';
import path from 'node:path';
import type { DockerCli } from './docker-cli.js';
import { ownImage } from './own-image.js';

const SOCKET_PROXY = 'tecnativa/docker-socket-proxy:0.3.0';

export interface Deployment {
  /** The checkout whose `scripts/deploy` and `stacks/` are used. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** Each piece of what the script prints. */
  readonly onOutput: (text: string) => void;
}

/** Runs `scripts/deploy` for the production stack alone; answers how it ended and what it printed. */
export function deployProduction({
  root,
  env,
  onOutput,
}: Deployment): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const args = ['--without-exporters', '--without-grafana', '--minutes', '15'];
    const child = spawn(path.join(root, 'scripts/deploy'), args, {
      env: { ...process.env, RESOLVE_IMAGE: 'never', ...env },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        onOutput(chunk.trimEnd());
      });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Builds the stand-in for the socket proxy on this engine, from the image of the demo. Answers its name. */
export async function buildSocketProxy(docker: DockerCli, root: string): Promise<string> {
  const image = ownImage('demo');
  const context = path.join(root, 'packages/e2e/stand-ins/socket-proxy');
  await docker.run(['build', '--tag', SOCKET_PROXY, '--build-arg', `BASE_IMAGE=${image}`, context], {
    env: { DOCKER_BUILDKIT: '0' },
  });
  return SOCKET_PROXY;
}
