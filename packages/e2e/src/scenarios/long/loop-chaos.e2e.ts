// cluster: --nodes 5 --managers 3
// images: everything
// when: asked, because it has not yet passed ten times of ten on a busy machine
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runChaos, type ChaosOptions } from '../../chaos/loop/run/chaos-run.js';
import { deployAll, type Deployed } from '../../chaos/loop/run/deploy-all.js';
import { nodesFromEnvironment } from '../../chaos/loop/run/nodes.js';
import type { FaultChoice } from '../../chaos/loop/plan/walk.js';
import { createProgress } from '../../harness/progress.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { buildSocketProxy } from '../../harness/swarm/deploy-production.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { withLogsOnFailure } from '../../harness/swarm/service-logs.js';

/**
 * The production stack under changes of services and faults of all kinds, one seed for all choices of a walk: `pnpm chaos`
 * sets the variables. Several walks go one after the other over the same stack.
 */

const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const nodes = nodesFromEnvironment(process.env);
const seeds = (process.env['DF_CHAOS_SEEDS'] ?? '1 2 3').split(' ').map(Number);
const faults = (process.env['DF_CHAOS_FAULTS'] ?? 'all') as FaultChoice;
let deployed: Deployed | undefined;
let isLeftInOrder = true;

const began = performance.now();
function say(line: string): void {
  process.stderr.write(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`);
}

beforeAll(async () => {
  const image = await buildSocketProxy(docker, root);
  if (nodes.all.length > 1) await promisify(execFile)(cluster.script, ['load', '--from', '1', image]);
  deployed = await deployAll(cluster, say);
});

afterAll(() => deployed?.stop());

test.each(seeds)(
  'seed %d: everything is in order again after each round',
  async (seed) => {
    if (!deployed || !isLeftInOrder) throw new Error('not run: what was there before is not in order');
    isLeftInOrder = false;
    say(`seed ${seed}`);
    const list = await nodes.list();
    const managers = list.filter((node) => node.Spec.Role === 'manager').length;
    const options: ChaosOptions = {
      walk: { seed, faults, managers, workers: list.length - managers },
      minutes: Number(process.env['DF_CHAOS_MINUTES'] ?? 4),
      rounds: Number(process.env['DF_CHAOS_ROUNDS'] ?? Infinity),
      image: ownImage('demo'),
      pauseMs: Number(process.env['DF_CHAOS_PAUSE_MS'] ?? 50),
    };
    const { secrets, authorityRoot } = deployed;
    const deps = { nodes, script: cluster.script, secrets, root: authorityRoot, say };
    const report = await withLogsOnFailure(docker, createProgress(say), () => runChaos(options, deps));
    expect(report.rounds).toBeGreaterThan(0);
    isLeftInOrder = true;
  },
  3_600_000,
);
