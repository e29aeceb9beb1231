import path from 'node:path';
import type { DockerCli } from './docker-cli.js';
import { until } from '../until.js';

/** Variables of a stack file. */
export type StackVariables = Readonly<Record<string, string>>;

/**
 * Services have virtual addresses and the routing mesh where the kernel has IPVS; elsewhere the same stack
 * files work with DNS round robin and ports of the host.
 */
export function networkVariables(hasIpvs: boolean): StackVariables {
  return hasIpvs ? {} : { ENDPOINT_MODE: 'dnsrr', PORT_MODE: 'host', DISCOVERY_TYPE: 'DNS' };
}

/** `docker stack deploy` of a file in `stacks/`, without asking a registry for digests. */
export async function deployStack(
  docker: DockerCli,
  stacksDir: string,
  file: string,
  name: string,
  variables: StackVariables,
): Promise<void> {
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', path.join(stacksDir, file), name], {
    env: variables,
  });
}

export async function createNetwork(docker: DockerCli, name: string): Promise<void> {
  const names = (await docker.run(['network', 'ls', '--format', '{{.Name}}'])).split('\n');
  if (!names.includes(name))
    await docker.run(['network', 'create', '--driver', 'overlay', '--attachable', name]);
}

/** A secret cannot be changed: one that is there already stays as it is. */
export async function createSecret(docker: DockerCli, name: string, content: string): Promise<void> {
  const names = (await docker.run(['secret', 'ls', '--format', '{{.Name}}'])).split('\n');
  if (!names.includes(name)) await docker.run(['secret', 'create', name, '-'], { input: content });
}

export interface ServiceState {
  readonly name: string;
  readonly running: number;
  readonly wanted: number;
}

/** All services of the cluster with their running and wanted replicas. */
export async function listServices(docker: DockerCli): Promise<readonly ServiceState[]> {
  const lines = (await docker.run(['service', 'ls', '--format', '{{.Name}} {{.Replicas}}']))
    .trim()
    .split('\n');
  return lines.flatMap((line) => {
    const match = /^(\S+) (\d+)\/(\d+)/.exec(line);
    return match ? [{ name: match[1] ?? '', running: Number(match[2]), wanted: Number(match[3]) }] : [];
  });
}

/** The replica count in the spec of a service. */
export async function wantedReplicas(docker: DockerCli, service: string): Promise<number> {
  return Number(
    await docker.run(['service', 'inspect', '--format', '{{.Spec.Mode.Replicated.Replicas}}', service]),
  );
}

/** What the tasks of a service do instead of running, in Docker's own words: `3 Starting`. */
export async function taskStates(docker: DockerCli, service: string): Promise<string> {
  const text = await docker.run([
    'service',
    'ps',
    '--no-trunc',
    '--filter',
    'desired-state=running',
    '--format',
    '{{.CurrentState}} {{.Error}}',
    service,
  ]);
  const counts = new Map<string, number>();
  for (const line of text.trim().split('\n')) {
    const state = line.replace(/ (?:about |less than )?(?:an?|[0-9]+) [a-z]+ ago/, '').trim();
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}

/**
 * Waits until each of these services runs all its replicas.
 *
 * @throws {Error} that names the services that do not, and why
 */
export async function allRunning(
  docker: DockerCli,
  services: readonly string[],
  timeoutMs = 10 * 60_000,
  onWait?: (reason: string) => void,
): Promise<void> {
  await until(
    `all tasks of ${services.join(', ')} running`,
    async () => {
      const states = await listServices(docker);
      const late = services.filter(
        (name) => !states.some((one) => one.name === name && one.wanted > 0 && one.running >= one.wanted),
      );
      if (late.length === 0) return { done: true };
      const reasons = await Promise.all(
        late.map(
          async (name) => `${name} (${await taskStates(docker, name).catch(() => 'no such service')})`,
        ),
      );
      return { notYet: reasons.join('; ') };
    },
    { timeoutMs, everyMs: 500, ...(onWait ? { onWait } : {}) },
  );
}

/** Removes stacks and waits until their containers and networks are gone. */
export async function removeStacks(
  docker: DockerCli,
  names: readonly string[],
  timeoutMs = 10 * 60_000,
): Promise<void> {
  await until(
    `stacks ${names.join(', ')} removed`,
    async () => {
      const left = await Promise.all(names.map((name) => leftOf(docker, name)));
      const again = names.filter((_name, index) => left[index]?.some((one) => one.kind !== 'containers'));
      if (again.length > 0) await docker.run(['stack', 'rm', ...again]);
      const reasons = left.flat().map(({ kind, count }) => `${count} ${kind} left`);
      return reasons.length === 0 ? { done: true } : { notYet: reasons.join(', ') };
    },
    { timeoutMs, everyMs: 500 },
  );
}

interface Left {
  readonly kind: 'services' | 'networks' | 'containers';
  readonly count: number;
}

/** What there still is of a stack on this engine. A network lives a little longer than the last task that was in it. */
async function leftOf(docker: DockerCli, stack: string): Promise<readonly Left[]> {
  const filter = ['--filter', `label=com.docker.stack.namespace=${stack}`];
  const listed = await Promise.all([
    count('services', ['service', 'ls', '-q', ...filter]),
    count('networks', ['network', 'ls', '-q', ...filter]),
    count('containers', ['ps', '-aq', ...filter]),
  ]);
  return listed.filter((left) => left.count > 0);

  async function count(kind: Left['kind'], args: readonly string[]): Promise<Left> {
    return { kind, count: (await docker.run(args)).split('\n').filter((line) => line !== '').length };
  }
}

/** Removes the volumes that these stacks left on this node. Their containers must be gone. */
export async function removeVolumes(docker: DockerCli, names: readonly string[]): Promise<void> {
  const filters = names.map((name) =>
    docker.run(['volume', 'ls', '--quiet', '--filter', `label=com.docker.stack.namespace=${name}`]),
  );
  const volumes = (await Promise.all(filters))
    .flatMap((text) => text.split('\n'))
    .filter((name) => name !== '');
  if (volumes.length > 0) await docker.run(['volume', 'rm', ...volumes]);
}
