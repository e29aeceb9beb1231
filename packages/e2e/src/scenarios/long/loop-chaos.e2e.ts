// cluster: --nodes 5 --managers 3
// images: production
// when: asked, because it has not yet passed ten times of ten on a busy machine
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import { runChaos, type ChaosOptions } from '../../chaos/loop/run/chaos-run.js';
import { nodesFromEnvironment } from '../../chaos/loop/run/nodes.js';
import type { FaultChoice } from '../../chaos/loop/plan/walk.js';
import { LABEL_PASSWORD } from '../../chaos/loop/plan/walked-service.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { buildSocketProxy, deployProduction } from '../../harness/swarm/deploy-production.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { createSecret } from '../../harness/swarm/stack.js';

/**
 * The production stack under changes of services and faults of all kinds, one seed for all choices: `pnpm chaos`
 * sets the variables.
 */

const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const nodes = nodesFromEnvironment(process.env);
const seed = Number(process.env['DF_CHAOS_SEED'] ?? 1);
const faults = (process.env['DF_CHAOS_FAULTS'] ?? 'all') as FaultChoice;
const secrets = ['api_token', 'scaler_token'].map((name) => ({
  name,
  value: randomBytes(24).toString('hex'),
}));
const password = { name: 'the password of operators', value: randomBytes(24).toString('hex') };

const began = performance.now();
function say(line: string): void {
  process.stderr.write(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`);
}

beforeAll(async () => {
  const image = await buildSocketProxy(docker, root);
  if (nodes.all.length > 1) await promisify(execFile)(cluster.script, ['load', '--from', '1', image]);
  for (const { name, value } of secrets) await createSecret(docker, name, value);
  await createSecret(docker, 'dfp_users_operators', `operator:${password.value}`);
  const { code, output } = await deployProduction({
    root,
    env: {
      // A port of the host answers on the nodes that run a task: here on two of them, as a load balancer would know.
      PROXY_REPLICAS: String(Math.min(2, nodes.all.length)),
      SCRAPE_INTERVAL: '5s',
      EVALUATION_INTERVAL: '5s',
      SCALE_DOWN_COOLDOWN: '0',
    },
    onOutput: say,
  });
  if (code !== 0) throw new Error(output);
});

test('everything is in order again after each round', async () => {
  const list = await nodes.list();
  const managers = list.filter((node) => node.Spec.Role === 'manager').length;
  const options: ChaosOptions = {
    walk: { seed, faults, managers, workers: list.length - managers },
    minutes: Number(process.env['DF_CHAOS_MINUTES'] ?? 4),
    rounds: Number(process.env['DF_CHAOS_ROUNDS'] ?? Infinity),
    image: ownImage('demo'),
    pauseMs: Number(process.env['DF_CHAOS_PAUSE_MS'] ?? 50),
  };
  const all = [...secrets, password, { name: 'the password in a label', value: LABEL_PASSWORD }];
  const report = await runChaos(options, { nodes, script: cluster.script, secrets: all, say });
  expect(report.rounds).toBeGreaterThan(0);
}, 3_600_000);
