import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, report } from '@docker-flow/testkit';
import { growth } from './growth.js';
import { startWorld } from './processes.js';
import { until } from './until.js';

/**
 * Measures the goals of speed and memory against a simulated cluster and prints each figure beside its goal and
 * beside that of the original Go program, which was measured on a real Swarm of one node.
 * `bench [latency|tasks|sweep|growth|idle …]` runs some of it.
 */
const directory = import.meta.dirname;

async function latency(): Promise<void> {
  const services = 1_000;
  const changes = 500;
  const world = await startWorld(directory, {
    services,
    tasksPerService: 2,
    nodes: 5,
    scrapeNetwork: false,
  });
  const { cluster, receiver } = world;
  await sleep(1_000);
  const made: { readonly key: string; readonly atMs: number }[] = [];
  for (let i = 0; i < changes; i += 1) {
    const service = (i * 7919) % services;
    const mark = `change-${i}`;
    made.push({ key: `service-${service} ${mark}`, atMs: await cluster.change(service, mark) });
    await sleep(20);
  }
  await until('the changes', 10_000, () => made.every(({ key }) => receiver.arrivals.has(key)));
  const took = made.map(({ key, atMs }) => (receiver.arrivals.get(key) ?? NaN) - atMs);
  const what = 'Docker event to request, 1,000 services';
  report({ what: `${what}, p50`, value: percentile(took, 0.5), unit: 'ms', goal: 20, original: 6.4 });
  report({ what: `${what}, p99`, value: percentile(took, 0.99), unit: 'ms', goal: 150 });
  report({ what: `${what}, max`, value: percentile(took, 1), unit: 'ms', original: 19.6 });
  const burst = Array.from({ length: 20 }, (_, i) => `burst-${i}`);
  let first = Infinity;
  for (const name of burst) first = Math.min(first, await cluster.create(name, 'new'));
  await until('the burst', 10_000, () => burst.every((name) => receiver.arrivals.has(`${name} new`)));
  const last = Math.max(...burst.map((name) => receiver.arrivals.get(`${name} new`) ?? NaN));
  report({ what: '20 creates in a burst, the last request', value: last - first, unit: 'ms', original: 69 });
  await world.stop();
}

/** Docker sends no events about tasks: this is how soon a new address of a task is told all the same. */
async function tasks(): Promise<void> {
  const services = 100;
  const world = await startWorld(
    directory,
    {
      services,
      tasksPerService: 5,
      nodes: 5,
      scrapeNetwork: true,
    },
    { variables: { DF_INCLUDE_NODE_IP_INFO: 'true', DF_WAIT_FOR_CONVERGENCE: 'none' } },
  );
  const { cluster, receiver } = world;
  async function measure(what: string, before: (service: number) => Promise<unknown>, goal?: number) {
    const took: number[] = [];
    for (let i = 0; i < 40; i += 1) {
      const service = (i * 37) % services;
      await before(service);
      const { atMs, address } = await cluster.moveTask(service);
      const key = `service-${service} ${address}`;
      await until(`the move of a task of ${key}`, 30_000, () => receiver.addresses.has(key));
      took.push((receiver.addresses.get(key) ?? NaN) - atMs);
    }
    report({ what: `${what}, p50`, value: percentile(took, 0.5), unit: 'ms' });
    report({
      what: `${what}, max`,
      value: percentile(took, 1),
      unit: 'ms',
      ...(goal === undefined ? {} : { goal }),
    });
  }
  await measure('task moved to request, out of the blue', () => sleep(200));
  let marks = 0;
  await measure(
    'task moved to request, service just changed',
    async (service) => {
      marks += 1;
      const mark = `tasks-${marks}`;
      await cluster.change(service, mark);
      await until('the change', 30_000, () => receiver.arrivals.has(`service-${service} ${mark}`));
    },
    500,
  );
  await world.stop();
}

async function sweep(): Promise<void> {
  const services = 2_000;
  const world = await startWorld(
    directory,
    {
      services,
      tasksPerService: 5,
      nodes: 10,
      scrapeNetwork: false,
    },
    { answerMs: 5 },
  );
  const { receiver, listener } = world;
  const times = [...receiver.arrivals.values()];
  report({
    what: 'start-up sweep of 2,000 services, start of process included',
    value: (Math.max(...times) - listener.startedMs) / 1_000,
    unit: 's',
    goal: 5,
  });
  report({
    what: '  first to last request',
    value: (Math.max(...times) - Math.min(...times)) / 1_000,
    unit: 's',
  });
  report({ what: '  requests under way, most', value: receiver.most(), unit: '' });
  await world.stop();
}

async function idle(nodeInfo: boolean, consumers: boolean): Promise<void> {
  const services = 2_000;
  const seconds = 60;
  const world = await startWorld(
    directory,
    {
      services,
      tasksPerService: 5,
      nodes: 50,
      scrapeNetwork: true,
    },
    { variables: { DF_INCLUDE_NODE_IP_INFO: String(nodeInfo) } },
  );
  const { cluster, listener } = world;
  await sleep(10_000);
  let etag = '';
  const polls = consumers
    ? setInterval(() => {
        void fetch(`http://127.0.0.1:${listener.port}/v1/docker-flow-swarm-listener/get-services`, {
          headers: { 'If-None-Match': etag },
        }).then(async (answer) => {
          etag = answer.headers.get('etag') ?? '';
          await answer.arrayBuffer();
        });
      }, 2_500)
    : undefined;
  const [cpuBefore, callsBefore] = [listener.cpuSeconds(), await cluster.calls()];
  let mostRss = 0;
  for (let second = 0; second < seconds; second += 1) {
    await sleep(1_000);
    mostRss = Math.max(mostRss, listener.rssMegabytes());
  }
  clearInterval(polls);
  const what = `idle, 2,000 services, 10,000 tasks, node info ${nodeInfo ? 'on' : 'off'}${consumers ? ', 2 consumers re-pulling every 5 s' : ''}`;
  const cpu = ((listener.cpuSeconds() - cpuBefore) / seconds) * 100;
  report({ what: `${what}: processor, of one core`, value: cpu, unit: '%', goal: 2 });
  report({ what: '  memory (RSS), most', value: mostRss, unit: 'MB', goal: 110 });
  report({ what: '  calls to Docker per minute', value: (await cluster.calls()) - callsBefore, unit: '' });
  await world.stop();
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  latency,
  tasks,
  sweep,
  growth: () => growth(directory),
  idle: async () => {
    await idle(false, false);
    await idle(true, false);
    await idle(true, true);
  },
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(PARTS))
  if (wanted.length === 0 || wanted.includes(name)) await run();
