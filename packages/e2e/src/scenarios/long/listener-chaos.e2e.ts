// cluster: --nodes 3 --managers 3
// images: none
// when: ci
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { createEngineClient, type EngineClient } from '@docker-flow/testkit';
import { difference, list, wantedState } from '../../chaos/cluster-state.js';
import { startDockerRelay, type DockerRelay } from '../../chaos/listener/docker-relay.js';
import { startProgram, type ProgramProcess } from '../../harness/programs/program-process.js';
import { injectFaults } from '../../chaos/listener/faults.js';
import { createRandom } from '../../chaos/random.js';
import { startReceiver, type Receiver } from '../../chaos/listener/receiver.js';
import { createChurn } from '../../chaos/listener/service-churn.js';
import { clusterFromEnvironment } from '../../harness/swarm/cluster.js';
import { makeSmallImage } from '../../harness/swarm/small-image.js';
import { until, type Checked } from '../../harness/until.js';

/**
 * However services change and whatever breaks meanwhile: in the end every receiver holds exactly what the
 * cluster holds. `DF_CHAOS_SEED` decides all choices of a run (not its timing): a number, or `random`.
 * `DF_CHAOS_CHANGES` is how many changes there are at least.
 */

const SEED = '20171'; // always the same choices, unless somebody asks for others
const wantedSeed = process.env['DF_CHAOS_SEED'] ?? SEED;
const seed = wantedSeed === 'random' ? Date.now() % 2 ** 31 : Number(wantedSeed);
const changes = Number(process.env['DF_CHAOS_CHANGES'] ?? 400);
const cluster = clusterFromEnvironment(process.env);
const { root } = cluster;
const sockets = [1, 2, 3].map((node) => process.env[`DF_NODE_${node}_SOCKET`] ?? '');
const managers = sockets.map((socket) => createEngineClient(`unix://${socket}`, { timeoutMs: 5_000 }));
const [local] = managers as [EngineClient];
const IMAGE = 'local/small:1';
const NETWORK = 'chaos-monitor';

const began = Date.now();
function say(line: string): void {
  process.stderr.write(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${line}\n`);
}

let directory: string;
let relay: DockerRelay;
let receivers: readonly Receiver[];
let listener: ProgramProcess;

beforeAll(async () => {
  say(`The same choices again: DF_CHAOS_SEED=${seed} pnpm e2e listener-chaos`);
  directory = await mkdtemp(path.join(tmpdir(), 'listener-chaos-'));
  await makeSmallImage(
    IMAGE,
    sockets.map((socket) => `unix://${socket}`),
  );
  await cluster.docker.run(['network', 'create', '--driver', 'overlay', NETWORK]);
  relay = await startDockerRelay(path.join(directory, 'docker.sock'), cluster.dockerSocket);
  receivers = [
    await startReceiver({ random: createRandom(seed + 1) }),
    await startReceiver({ random: createRandom(seed + 2), faultRate: 0.25 }),
  ];
  const urls = (end: string) => receivers.map(({ url }) => url + end).join(',');
  listener = await startProgram(root, 'swarm-listener', {
    DF_DOCKER_HOST: relay.dockerHost,
    DF_NOTIFY_CREATE_SERVICE_URL: urls('/create'),
    DF_NOTIFY_REMOVE_SERVICE_URL: urls('/remove'),
    DF_INCLUDE_NODE_IP_INFO: 'true',
    DF_RETRY_INTERVAL: '1',
    DF_REQUEST_TIMEOUT: '2',
    DF_RESYNC_INTERVAL: '10',
    LOG_LEVEL: 'error',
  });
});

afterAll(async () => {
  await listener.stop();
  relay.stop();
  for (const receiver of receivers) receiver.stop();
  await rm(directory, { recursive: true, force: true });
});

/** What is different, receiver by receiver; `undefined` when all hold this. */
function disagreement(wanted: ReadonlyMap<string, Parameters>): string | undefined {
  const different = receivers.flatMap(({ services }, place) => {
    const found = difference(wanted, services);
    return found === undefined ? [] : [`receiver ${place + 1}: ${found}`];
  });
  return different.length === 0 ? undefined : different.join('\n');
}

/**
 * Waits until all receivers hold what the cluster holds, and go on doing so. Swarm itself may go on moving tasks and
 * electing leaders for a while, when a manager that was away comes back: then the wait begins again.
 */
async function allAgree(timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const wait = <T>(what: string, check: () => Promise<Checked<T>>) =>
    until(what, check, { timeoutMs: Math.max(1, deadline - performance.now()) });
  for (;;) {
    const agreed = await wait('every receiver holds the state of the cluster', async () => {
      const wanted = await wantedState(local);
      const different = disagreement(wanted);
      return different === undefined ? { done: wanted } : { notYet: different };
    });
    // Nothing that was under way may overwrite it afterwards.
    await pause(5_000);
    const later = await wait('Docker answers', async () => {
      const before = await wantedState(local);
      const different = disagreement(agreed);
      const moved = difference(agreed, before) ?? difference(agreed, await wantedState(local));
      return { done: { different, moved } };
    });
    if (later.moved !== undefined) say('the cluster itself has changed meanwhile');
    else if (later.different !== undefined) throw new Error(`it has not stayed so: ${later.different}`);
    else {
      say(`all receivers hold the same ${agreed.size} service(s) as the cluster`);
      return;
    }
  }
}

test('every receiver ends with exactly the state of the cluster', async () => {
  const random = createRandom(seed);
  const churn = createChurn({ managers, random, image: IMAGE, network: NETWORK });
  const calm = new AbortController();
  const faults = injectFaults({
    script: cluster.script,
    managers,
    relay,
    random: createRandom(seed + 3),
    say,
  }).finally(() => calm.abort());
  const counts = { done: 0, failed: 0 };
  const reasons = new Map<string, number>();
  while (!calm.signal.aborted || counts.done < changes) {
    const outcome = await churn.change();
    if ('done' in outcome) counts.done += 1;
    else {
      counts.failed += 1;
      const reason = outcome.failed.slice(0, 160);
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    await pause(random.below(250));
  }
  await faults;
  say(`${counts.done} changes, ${counts.failed} attempts that Docker refused`);
  for (const [reason, times] of reasons) say(`  ${times} × ${reason}`);
  await allAgree(6 * 60_000);
  say(`requests: ${receivers.map((one) => one.requests()).join(', ')}`);
  expect(counts.done).toBeGreaterThanOrEqual(changes);
});

interface Task {
  readonly Status: { readonly State: string; readonly ContainerStatus?: { readonly ContainerID?: string } };
  readonly DesiredState: string;
}

test('a task that dies and the one that takes its place are told as Docker knows of them', async () => {
  const NAME = 'told-tasks';
  const labels = { 'com.df.notify': 'true', 'com.df.scrapeNetwork': NETWORK };
  await local.call('POST', '/services/create', {
    Name: NAME,
    Labels: labels,
    TaskTemplate: {
      ContainerSpec: { Image: IMAGE },
      Networks: [{ Target: NETWORK }],
      RestartPolicy: { Condition: 'any', Delay: 0 },
      // Not where the listener is: that node's containers send events.
      Placement: { Constraints: [`node.hostname!=${process.env['DF_CLUSTER'] ?? ''}-1`] },
    },
    Mode: { Replicated: { Replicas: 1 } },
    UpdateConfig: { Monitor: 500_000_000 },
    EndpointSpec: { Mode: 'dnsrr' },
  });
  const [receiver] = receivers as [Receiver];
  const info = () => receiver.services.get(NAME)?.['nodeInfo'];
  await until('the first task is told', () => Promise.resolve(info() ? { done: true } : { notYet: 'no' }), {
    everyMs: 20,
  });
  const laterMs: number[] = [];
  for (let times = 0; times < 10; times += 1) {
    const before = info();
    const filter = encodeURIComponent(JSON.stringify({ service: [NAME], 'desired-state': ['running'] }));
    const container = await until(
      'a task runs',
      async () => {
        const tasks = await list<Task>(local, `/tasks?filters=${filter}`);
        const id = tasks.find((task) => task.Status.State === 'running')?.Status.ContainerStatus?.ContainerID;
        return id === undefined ? { notYet: 'none runs' } : { done: id };
      },
      { everyMs: 50 },
    );
    for (const manager of managers) await manager.call('POST', `/containers/${container}/kill`);
    const knownAtMs = await until(
      'Docker knows where the new task is',
      async () => {
        const wanted = (await wantedState(local)).get(NAME)?.['nodeInfo'];
        return wanted !== undefined && wanted !== before ? { done: Date.now() } : { notYet: 'as before' };
      },
      { everyMs: 10 },
    );
    await until(
      'the receiver knows it too',
      async () => {
        const wanted = (await wantedState(local)).get(NAME)?.['nodeInfo'];
        return wanted === info()
          ? { done: true }
          : { notYet: `${String(info())} instead of ${String(wanted)}` };
      },
      { everyMs: 10 },
    );
    laterMs.push((receiver.toldAtMs(NAME) ?? NaN) - knownAtMs);
  }
  say(`a new task was told ${laterMs.map((ms) => `${ms} ms`).join(', ')} after Docker knew of it`);
});
