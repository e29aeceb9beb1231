import { spawn } from 'node:child_process';

export interface DockerCli {
  /**
   * Runs `docker` with these arguments and answers what it printed.
   *
   * @throws {Error} with the command and what it wrote on standard error, when it fails
   */
  run(
    args: readonly string[],
    options?: {
      readonly input?: string;
      readonly env?: Readonly<Record<string, string>>;
      /** The client is ended after so long; without it, it may wait for ever for an engine that hangs. */
      readonly timeoutMs?: number;
    },
  ): Promise<string>;
}

/** The docker client for one engine; without `host` the one that the user's own environment names. */
export function createDockerCli(host?: string): DockerCli {
  const base = host === undefined ? process.env : { ...process.env, DOCKER_HOST: host };
  return {
    run(args, { input = '', env = {}, timeoutMs } = {}) {
      return new Promise((resolve, reject) => {
        const child = spawn('docker', [...args], {
          env: { ...base, ...env },
          stdio: ['pipe', 'pipe', 'pipe'],
          ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
        });
        let stdout = '';
        let stderr = '';
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
        child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
        child.once('error', reject);
        child.once('close', (code) => {
          if (code === 0) resolve(stdout);
          else reject(new Error(`docker ${args.slice(0, 3).join(' ')}: ${(stderr || stdout).trim()}`));
        });
        // A client that ends without reading its input closes the pipe; its exit code says what happened.
        child.stdin.on('error', () => undefined);
        child.stdin.end(input);
      });
    },
  };
}
