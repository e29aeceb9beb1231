// cluster: none
// images: none
// when: ci
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { until } from '../../harness/until.js';

/** Whoever ends `scripts/e2e`, or sees it fail, has a machine without its clusters, networks and processes. */

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../..');
const NETWORKS = '/run/netns';
/** Control groups of nodes, by controller; where there is only one hierarchy they lie at its top. */
const GROUPS = '/sys/fs/cgroup';

let runs = 0;

/** A run of its own, with a cluster that has a name of its own. */
function startRun(files: readonly string[], ...options: readonly string[]) {
  runs += 1;
  const cluster = `ab${process.pid}x${runs}`;
  const env = { ...process.env, DF_E2E_CLUSTER: cluster };
  const child = spawn(path.join(root, 'scripts/e2e'), [...options, ...files], {
    cwd: root,
    env,
    stdio: 'ignore',
  });
  const ended = new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal ?? ''));
  });
  return { child, cluster, ended };
}

function childrenOf(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** What is there of the clusters whose name begins so: folders, networks, control groups, processes. */
function leftOf(cluster: string): readonly string[] {
  const named = (name: string) => name.startsWith(cluster);
  const folders = readdirSync('/tmp').filter((name) => named(name.replace(/^df-/, '')));
  const networks = childrenOf(NETWORKS).filter(named);
  const groups = ['', ...childrenOf(GROUPS)].flatMap((controller) =>
    childrenOf(path.join(GROUPS, controller)).filter(named),
  );
  const processes = readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(commandOf)
    .filter((command) => command.includes(cluster));
  return [...folders, ...networks, ...groups, ...processes];
}

/** Empty for a process that has ended meanwhile. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

async function clusterBegins(cluster: string): Promise<void> {
  await until('a cluster', () =>
    Promise.resolve(
      leftOf(cluster).some((name) => name.startsWith('df-')) ? { done: true } : { notYet: 'none' },
    ),
  );
}

async function nothingIsLeft(cluster: string): Promise<void> {
  await until(`nothing left of ${cluster}`, () => {
    const left = leftOf(cluster);
    return Promise.resolve(left.length === 0 ? { done: true } : { notYet: left.join(', ') });
  });
}

// The pause only chooses what it is in the middle of: making the cluster, or using it.
test.each([
  ['SIGTERM', '1', 300],
  ['SIGTERM', '1', 4_000],
  ['SIGTERM', '2', 1_500],
  ['SIGINT', '2', 300],
] as const)(
  'after %s to a run with %s lane(s), %d ms after its cluster began, nothing is left',
  async (signal, lanes, afterMs) => {
    const { child, cluster, ended } = startRun(['docker-contract', 'scaler-page'], '--lanes', lanes);
    await clusterBegins(cluster);
    await pause(afterMs);
    child.kill(signal);
    expect(await ended).toBe(signal);
    await nothingIsLeft(cluster);
  },
);

test('a run that fails leaves nothing either, and says so by its status', async () => {
  // It needs images, which are to be had nowhere.
  const { cluster, ended } = startRun(['scaler-redeploy'], '--image-source', 'unix:///nowhere/docker.sock');
  expect(await ended).not.toBe(0);
  expect(leftOf(cluster)).toEqual([]);
});
