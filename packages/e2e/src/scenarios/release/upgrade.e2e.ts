// cluster: --nodes 2 --managers 1
// images: production
// when: asked, because it needs the images and the checkout of an older release
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import type { EngineService } from '@docker-flow/testkit';
import { perform } from '../../chaos/loop/run/change-services.js';
import { containersOf, jsonOf, lookInside } from '../../chaos/loop/run/containers.js';
import { nodesFromEnvironment } from '../../chaos/loop/run/nodes.js';
import { reachQuietPoint, type CountSet } from '../../chaos/loop/run/quiet-point.js';
import { firstWorld } from '../../chaos/loop/plan/walk.js';
import { startBalancedTraffic } from '../../harness/balanced-traffic.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { buildSocketProxy, deployProduction } from '../../harness/swarm/deploy-production.js';
import { ownImage } from '../../harness/swarm/own-image.js';
import { createProgress } from '../../harness/progress.js';

/**
 * From an older release to this one and back, while the production stack runs under traffic through two proxies:
 * no request fails, routes, rules and targets are the same, and what was written to volumes is read. `scripts/test-upgrade`
 * gets the older release and starts this.
 */

const cluster = clusterFromEnvironment(process.env);
const { docker, root } = cluster;
const nodes = nodesFromEnvironment(process.env);
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const older = { root: needed('DF_PREVIOUS'), tag: needed('DF_PREVIOUS_TAG') };
const newer = { root, tag: needed('TAG') };
type Release = typeof older;
const PROGRAMS = ['swarm-listener', 'proxy', 'monitor', 'scaler', 'docker-guard', 'dashboard'] as const;
const SCALED = 'steady-a';
const counts = new Map<string, CountSet>();
/** Certificates are not of this stack. */
const world = new Map(
  [...firstWorld()].map(([name, service]) => [
    name,
    { ...service, features: { ...service.features, isCertified: false } },
  ]),
);

function needed(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start this by scripts/test-upgrade`);
  return value;
}

beforeAll(async () => {
  await promisify(execFile)(cluster.script, ['load', '--from', '1', await buildSocketProxy(docker, root)]);
  const images = PROGRAMS.map((program) => ownImage(program).replace(/:[^:]*$/, `:${older.tag}`));
  await promisify(execFile)(cluster.script, ['load', '--from', needed('DF_IMAGE_SOURCE'), ...images]);
  await deploy(older);
  const deps = { nodes, image: ownImage('demo'), say: (line: string) => progress.note(line) };
  for (const service of world.values()) {
    await perform({ what: 'create', service }, deps);
    counts.set(service.name, { count: service.replicas, atMs: Date.now(), isAsked: false });
  }
  await quiet();
  await perform({ what: 'webhooks', name: SCALED, directions: ['up'] }, deps);
  counts.set(SCALED, { count: 3, atMs: 0, isAsked: false });
  await quiet();
});

test.each([
  ['to this release', newer],
  ['and back', older],
])('%s', async (_direction, release) => {
  const beforeMs = Date.now();
  const hosts = nodes.all.map(({ address }) => address);
  const traffic = startBalancedTraffic({ hosts, path: `/${SCALED}/hello`, clients: 4, pauseMs: 20 });
  try {
    await deploy(release);
    await quiet();
  } finally {
    progress.note(JSON.stringify(await traffic.stop()));
  }
  const { failures } = await traffic.stop();
  expect(failures).toEqual([]);
  expect(await tagsOfPrograms()).toEqual(new Set([release.tag]));
  expect(await valuesAt(beforeMs)).toBeGreaterThan(0);
  expect(await oldestActivityMs()).toBeLessThan(beforeMs);
});

async function deploy({ root: checkout, tag }: Release): Promise<void> {
  progress.chapter(`Deploying ${tag} from ${checkout}`);
  const { code, output } = await deployProduction({
    root: checkout,
    env: { TAG: tag, SCRAPE_INTERVAL: '2s', EVALUATION_INTERVAL: '2s', SCALE_DOWN_COOLDOWN: '0' },
    onOutput: (text) => progress.note(text),
  });
  if (code !== 0) throw new Error(output);
}

async function quiet() {
  return reachQuietPoint(world, { nodes, counts, onWait: (reason) => progress.waiting(reason) });
}

async function tagsOfPrograms(): Promise<ReadonlySet<string>> {
  const { body } = await nodes.ask('GET', '/services');
  return new Set(
    (body as readonly EngineService[]).flatMap(({ Spec: spec }) => {
      const image = spec.TaskTemplate?.ContainerSpec?.Image ?? '';
      const [, tag] = /docker-flow-[a-z-]+:([^@]+)/.exec(image) ?? [];
      return spec.Name.startsWith('flow_') && tag !== undefined ? [tag] : [];
    }),
  );
}

/** How many series Prometheus knows of that time, which an older one wrote to its volume. */
async function valuesAt(atMs: number): Promise<number> {
  const [monitor] = await containersOf(nodes, 'monitor');
  if (!monitor) throw new Error('the monitor does not run');
  const url = `http://127.0.0.1:9090/monitor/api/v1/query?query=up&time=${(atMs / 1_000).toFixed(0)}`;
  const { data } = jsonOf(await lookInside(monitor, url), 0) as {
    readonly data: { readonly result: readonly unknown[] };
  };
  return data.result.length;
}

/** When the first thing happened that the scaler still tells of, from its state file. */
async function oldestActivityMs(): Promise<number> {
  const [scaler] = await containersOf(nodes, 'scaler');
  if (!scaler) throw new Error('the scaler does not run');
  const look = await lookInside(scaler, 'http://127.0.0.1:8080/v1/activities?limit=500');
  const { activities } = jsonOf(look, 0) as { readonly activities: readonly { readonly atMs: number }[] };
  return Math.min(...activities.map(({ atMs }) => atMs));
}
