// cluster: --nodes 1
// images: loop
// when: ci
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { readStackFile } from '../../harness/swarm/stack-file.js';
import { allRunning, networkVariables, removeStacks, wantedReplicas } from '../../harness/swarm/stack.js';
import { createProgress } from '../../harness/progress.js';
import { until, type Checked } from '../../harness/until.js';

/** What people do who have Docker and nothing else: the file comes from the net, into `docker stack deploy -c -`. */

const cluster = clusterFromEnvironment(process.env);
const { docker } = cluster;
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const file = readFileSync(path.join(cluster.stacksDir, 'quickstart.yml'), 'utf8');
const proxy = `http://${cluster.address}`;

afterAll(() => removeStacks(docker, ['flow']));

test('one file is the whole loop: it routes, shows itself, and scales', async () => {
  await docker.run(['stack', 'deploy', '--resolve-image', 'never', '-c', '-', 'flow'], {
    input: file,
    env: {
      ...networkVariables(cluster.hasIpvs),
      DOCKER_SOCKET: cluster.dockerSocket,
      DOMAIN: cluster.address,
    },
  });
  const services = Object.keys(readStackFile(file).services).map((name) => `flow_${name}`);
  await allRunning(docker, services, undefined, (reason) => progress.waiting(reason));

  for (const [page, text] of [
    ['/demo/hello', 'hello, world'],
    ['/flow/', '<title>'],
    ['/scaler/', '<title>'],
    ['/monitor/alerts', 'Prometheus'],
    ['/monitor/api/v1/rules', 'resptimebelow'],
  ] as const)
    await until(page, () => shows(`${proxy}${page}`, text), { onWait: (reason) => progress.waiting(reason) });

  // Slow answers are slow on every machine; quick ones are not quick on a busy one.
  await until('flow_demo has a fourth replica', async () => {
    await Promise.all(
      Array.from({ length: 10 }, () =>
        fetch(`${proxy}/demo/hello?delay=300`).then((answer) => answer.text()),
      ),
    );
    const replicas = await wantedReplicas(docker, 'flow_demo');
    return replicas === 4 ? { done: true } : { notYet: `${replicas} replicas` };
  });
  await expect(fetch(`${proxy}/flow/`).then(({ status }) => status)).resolves.toBe(200);
});

async function shows(url: string, text: string): Promise<Checked<true>> {
  const answer = await fetch(url);
  const said = await answer.text();
  return answer.ok && said.includes(text)
    ? { done: true }
    : { notYet: `${answer.status} ${said.slice(0, 80)}` };
}
