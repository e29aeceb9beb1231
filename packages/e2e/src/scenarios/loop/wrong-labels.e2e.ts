// cluster: --nodes 1
// images: loop
// when: ci
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Docker from 'dockerode';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { askInside } from '../../harness/swarm/inside-container.js';
import { serviceSpec } from '../../harness/swarm/service-spec.js';
import { makeSmallImage } from '../../harness/swarm/small-image.js';
import { networkVariables } from '../../harness/swarm/stack.js';
import { createProgress } from '../../harness/progress.js';
import { until } from '../../harness/until.js';
import { deployAll, removeAll } from '../../story/stack-set.js';
import { WRONG_LABELS } from './wrong-labels.js';

/** Mistakes in labels, one for each service of a running loop: each is told in the answer, in `status` and in the log. */

const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const engine = new Docker({ socketPath: cluster.dockerSocket });
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const IMAGE = 'wrong-labels-small:1';

const PROGRAMS = {
  proxy: { service: 'proxy_proxy', listener: 'proxy_swarm-listener', api: '/v1/docker-flow-proxy' },
  monitor: { service: 'monitor_monitor', listener: 'monitor_swarm-listener', api: '/v1/docker-flow-monitor' },
} as const;
type Program = (typeof PROGRAMS)[keyof typeof PROGRAMS];

beforeAll(async () => {
  await makeSmallImage(IMAGE, [cluster.dockerHost]);
  const variables = { ...networkVariables(cluster.hasIpvs), DOCKER_SOCKET: cluster.dockerSocket };
  await deployAll({ docker, stacksDir: cluster.stacksDir, variables }, progress);
  for (const { what, labels } of WRONG_LABELS)
    await engine.createService(
      serviceSpec({
        name: what,
        replicas: 1,
        image: IMAGE,
        networks: ['proxy', 'monitor'],
        labels: asLabels(labels),
      }),
    );
});
afterAll(async () => {
  if (process.env['DF_KEEP']) return;
  await docker.run(['service', 'rm', ...WRONG_LABELS.map(({ what }) => what)]).catch(() => '');
  await removeAll(docker);
});

function asLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  const ours = Object.entries(labels).map(([name, value]) => [`com.df.${name}`, value]);
  return { 'com.df.notify': 'true', ...(Object.fromEntries(ours) as Record<string, string>) };
}

async function ask(program: Program, path: string, service: string = program.service): Promise<string> {
  return askInside(docker, service, `http://127.0.0.1:8080${path}`);
}

/** The text of one service in an answer about all of them, as JSON. */
function partOf(text: string, service: string): string {
  const found: string[] = [];
  JSON.parse(text, (_key, value: unknown) => {
    if (isAbout(value, service)) found.push(JSON.stringify(value));
    return value;
  });
  return found.join('\n');
}

function isAbout(value: unknown, service: string): boolean {
  if (typeof value === 'string') return value.includes(service);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).includes(service);
}

describe.each(WRONG_LABELS)('$what', ({ what, reader, told }) => {
  const program = PROGRAMS[reader];

  test('is told in status', async () => {
    const said = await until(`${what} in status`, async () => {
      const part = partOf(await ask(program, `${program.api}/status`), what);
      return told.test(part) ? { done: part } : { notYet: part };
    });
    expect(said).toMatch(told);
  });

  test('is told in the log, with the service', async () => {
    const said = await until(`${what} in the log`, async () => {
      const log = await docker.run(['service', 'logs', '--raw', program.service]);
      const lines = log.split('\n').filter((line) => line.includes(what));
      return lines.some((line) => told.test(line))
        ? { done: lines.join('\n') }
        : { notYet: lines.join('\n') };
    });
    expect(said).toMatch(told);
  });

  test('is told in the answer to the same request', async () => {
    const own = await until(`${what} at the listener`, async () => {
      const listed = await ask(program, '/v1/docker-flow-swarm-listener/get-services', program.listener);
      const all = JSON.parse(listed) as readonly Record<string, string>[];
      const found = all.find((one) => one['serviceName'] === what);
      return found ? { done: found } : { notYet: `${all.length} services, but not this one` };
    });
    const request = `${program.api}/reconfigure?${new URLSearchParams(own).toString()}`;
    expect(await ask(program, request)).toMatch(told);
  });
});
