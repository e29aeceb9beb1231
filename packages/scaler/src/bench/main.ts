import { report, type Figure } from '@docker-flow/testkit';
import { measureDecide } from './decide.js';
import { measureMemory, measureTargets } from './targets.js';
import { measureWebhooks } from './webhooks.js';

/**
 * Measures the goals of speed and memory. `bench [decide|memory|targets|webhooks …]` measures some of it; webhooks need a real
 * Swarm, which scripts/swarm-cluster starts as root, or DOCKER_HOST.
 */
const PARTS: Readonly<Record<string, () => readonly Figure[] | Promise<readonly Figure[]>>> = {
  decide: measureDecide,
  memory: measureMemory,
  targets: measureTargets,
  webhooks: measureWebhooks,
};
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`Measuring ${name}\n`);
  for (const figure of await measure()) report(figure);
}
