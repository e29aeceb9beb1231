import { setTimeout as sleep } from 'node:timers/promises';
import { startCluster, startListener, startReceiver } from './processes.js';

/**
 * Measures the goals of speed and memory against a simulated cluster and prints each figure with its goal.
 * `bench [latency|sweep|idle …]` runs some of it.
 */
const directory = import.meta.dirname;

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: number;
}

function show({ what, value, unit, goal }: Figure): void {
  const figure = `${value.toFixed(1)} ${unit}`;
  const compared =
    goal === undefined
      ? ''
      : `   goal ${goal} ${unit}   ${(value / goal).toFixed(2)} of it${value > goal ? '   MISSED' : ''}`;
  process.stdout.write(`${what.padEnd(58)} ${figure.padStart(12)}${compared}\n`);
  if (goal !== undefined && value > goal) process.exitCode = 1;
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

async function until(what: string, limitMs: number, done: () => boolean): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!done()) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await sleep(5);
  }
}

function environment(dockerHost: string, port: number): Record<string, string> {
  return {
    DF_DOCKER_HOST: dockerHost,
    DF_NOTIFY_CREATE_SERVICE_URL: `http://127.0.0.1:${port}/create`,
    DF_NOTIFY_REMOVE_SERVICE_URL: `http://127.0.0.1:${port}/remove`,
  };
}

async function latency(): Promise<void> {
  const services = 1_000;
  const changes = 500;
  const cluster = await startCluster(directory, {
    services,
    tasksPerService: 2,
    nodes: 5,
    scrapeNetwork: false,
  });
  const receiver = await startReceiver(1);
  const listener = await startListener(directory, environment(cluster.dockerHost, receiver.port));
  await until('the sweep', 60_000, () => receiver.arrivals.size >= services);
  await sleep(1_000);
  const made: { readonly key: string; readonly atMs: number }[] = [];
  for (let i = 0; i < changes; i += 1) {
    const service = (i * 7919) % services;
    const mark = `change-${i}`;
    made.push({ key: `service-${service} ${mark}`, atMs: await cluster.change(service, mark) });
    await sleep(20);
  }
  await until('the changes', 10_000, () => made.every(({ key }) => receiver.arrivals.has(key)));
  const took = made.map(({ key, atMs }) => (receiver.arrivals.get(key) ?? NaN) - atMs).sort((a, b) => a - b);
  show({
    what: 'Docker event to request, 1,000 services, p50',
    value: percentile(took, 0.5),
    unit: 'ms',
    goal: 20,
  });
  show({
    what: 'Docker event to request, 1,000 services, p99',
    value: percentile(took, 0.99),
    unit: 'ms',
    goal: 150,
  });
  const burst = Array.from({ length: 20 }, (_, i) => `burst-${i}`);
  let first = Infinity;
  for (const name of burst) first = Math.min(first, await cluster.create(name, 'new'));
  await until('the burst', 10_000, () => burst.every((name) => receiver.arrivals.has(`${name} new`)));
  const last = Math.max(...burst.map((name) => receiver.arrivals.get(`${name} new`) ?? NaN));
  show({ what: '20 creates in a burst, the last request', value: last - first, unit: 'ms' });
  await listener.stop();
  receiver.close();
  cluster.stop();
}

async function sweep(): Promise<void> {
  const services = 2_000;
  const cluster = await startCluster(directory, {
    services,
    tasksPerService: 5,
    nodes: 10,
    scrapeNetwork: false,
  });
  const receiver = await startReceiver(5);
  const listener = await startListener(directory, environment(cluster.dockerHost, receiver.port));
  await until('the sweep', 120_000, () => receiver.arrivals.size >= services);
  const times = [...receiver.arrivals.values()];
  show({
    what: 'start-up sweep of 2,000 services, start of process included',
    value: (Math.max(...times) - listener.startedMs) / 1_000,
    unit: 's',
    goal: 5,
  });
  show({
    what: '  first to last request',
    value: (Math.max(...times) - Math.min(...times)) / 1_000,
    unit: 's',
  });
  show({ what: '  requests under way, most', value: receiver.most(), unit: '', goal: 16 });
  await listener.stop();
  receiver.close();
  cluster.stop();
}

async function idle(nodeInfo: boolean, consumers: boolean): Promise<void> {
  const services = 2_000;
  const seconds = 60;
  const cluster = await startCluster(directory, {
    services,
    tasksPerService: 5,
    nodes: 50,
    scrapeNetwork: true,
  });
  const receiver = await startReceiver(1);
  const listener = await startListener(directory, {
    ...environment(cluster.dockerHost, receiver.port),
    DF_INCLUDE_NODE_IP_INFO: String(nodeInfo),
  });
  await until('the sweep', 120_000, () => receiver.arrivals.size >= services);
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
  process.stdout.write(`${what}\n`);
  const cpu = ((listener.cpuSeconds() - cpuBefore) / seconds) * 100;
  show({ what: '  processor, of one core', value: cpu, unit: '%', goal: 2 });
  show({ what: '  memory (RSS), most', value: mostRss, unit: 'MB', goal: 90 });
  show({ what: '  calls to Docker per minute', value: (await cluster.calls()) - callsBefore, unit: '' });
  await listener.stop();
  receiver.close();
  cluster.stop();
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  latency,
  sweep,
  idle: async () => {
    await idle(false, false);
    await idle(true, false);
    await idle(true, true);
  },
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(PARTS))
  if (wanted.length === 0 || wanted.includes(name)) await run();
