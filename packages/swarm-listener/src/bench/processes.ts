import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { freePorts, processorSeconds, residentMegabytes } from '@docker-flow/testkit';
import type { ClusterSize, Order, Report } from './cluster.js';
import { until } from './until.js';

export interface Cluster {
  readonly dockerHost: string;
  /** Answers when the change was made, in milliseconds since 1970. */
  change(service: number, mark: string): Promise<number>;
  create(name: string, mark: string): Promise<number>;
  /** Gives a task of the service another address; answers which, and when. */
  moveTask(service: number): Promise<{ readonly atMs: number; readonly address: string }>;
  calls(): Promise<number>;
  stop(): void;
}

async function startCluster(directory: string, size: ClusterSize): Promise<Cluster> {
  const child = fork(path.join(directory, 'cluster.js'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  async function ask<K extends Report['kind']>(order: Order, kind: K): Promise<Extract<Report, { kind: K }>> {
    const answered = once(child, 'message');
    child.send(order);
    const [report] = (await answered) as [Report];
    if (report.kind !== kind) throw new Error(`expected ${kind}, got ${report.kind}`);
    return report as Extract<Report, { kind: K }>;
  }
  const { dockerHost } = await ask({ kind: 'start', size }, 'started');
  return {
    dockerHost,
    change: async (service, mark) => (await ask({ kind: 'change', service, mark }, 'done')).atMs,
    create: async (name, mark) => (await ask({ kind: 'create', name, mark }, 'done')).atMs,
    moveTask: (service) => ask({ kind: 'move task', service }, 'moved'),
    calls: async () => (await ask({ kind: 'calls' }, 'calls')).count,
    stop: () => void child.kill(),
  };
}

export interface Receiver {
  readonly port: number;
  /** When each `serviceName mark` came, in milliseconds since 1970. */
  readonly arrivals: Map<string, number>;
  /** When each `serviceName address` of a task came first. */
  readonly addresses: Map<string, number>;
  readonly most: () => number;
  close(): void;
}

/** Answers each request after so long. */
async function startReceiver(answerMs: number): Promise<Receiver> {
  const arrivals = new Map<string, number>();
  const addresses = new Map<string, number>();
  let underWay = 0;
  let most = 0;
  const server = createServer((request, response) => {
    const atMs = performance.timeOrigin + performance.now();
    const query = new URL(request.url ?? '/', 'http://receiver').searchParams;
    const name = query.get('serviceName') ?? '';
    arrivals.set(`${name} ${query.get('mark') ?? ''}`, atMs);
    for (const [, address] of JSON.parse(query.get('nodeInfo') ?? '[]') as [string, string, string][])
      if (!addresses.has(`${name} ${address}`)) addresses.set(`${name} ${address}`, atMs);
    underWay += 1;
    most = Math.max(most, underWay);
    setTimeout(() => {
      underWay -= 1;
      response.end();
    }, answerMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    arrivals,
    addresses,
    most: () => most,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export interface ListenerProcess {
  readonly port: number;
  readonly startedMs: number;
  /** Processor time so far, seconds. */
  cpuSeconds(): number;
  rssMegabytes(): number;
  stop(): Promise<void>;
}

/** A listener between a simulated cluster and a receiver, once it has told of all services. */
export interface BenchWorld {
  readonly cluster: Cluster;
  readonly receiver: Receiver;
  readonly listener: ListenerProcess;
  stop(): Promise<void>;
}

/** `answerMs`: how long the receiver takes for each answer. */
export async function startWorld(
  directory: string,
  size: ClusterSize,
  { answerMs = 1, variables = {} }: { answerMs?: number; variables?: Readonly<Record<string, string>> } = {},
): Promise<BenchWorld> {
  const cluster = await startCluster(directory, size);
  const receiver = await startReceiver(answerMs);
  const listener = await startListener(directory, {
    DF_DOCKER_HOST: cluster.dockerHost,
    DF_NOTIFY_CREATE_SERVICE_URL: `http://127.0.0.1:${receiver.port}/create`,
    DF_NOTIFY_REMOVE_SERVICE_URL: `http://127.0.0.1:${receiver.port}/remove`,
    ...variables,
  });
  await until('the sweep', SWEEP_LIMIT_MS, () => receiver.arrivals.size >= size.services);
  return {
    cluster,
    receiver,
    listener,
    async stop() {
      await listener.stop();
      receiver.close();
      cluster.stop();
    },
  };
}

const SWEEP_LIMIT_MS = 120_000;
/** As in docker/swarm-listener.Dockerfile. */
const IMAGE_ENVIRONMENT = { NODE_ENV: 'production', MALLOC_ARENA_MAX: '1' };

async function startListener(
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<ListenerProcess> {
  const [port = 0] = await freePorts(1);
  const startedMs = performance.timeOrigin + performance.now();
  const child = spawn(process.execPath, [path.join(directory, '../main.js')], {
    env: {
      PATH: process.env['PATH'],
      DF_LISTEN_ADDRESS: `127.0.0.1:${port}`,
      LOG_LEVEL: 'warn',
      ...IMAGE_ENVIRONMENT,
      ...environment,
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pid = child.pid ?? 0;
  return {
    port,
    startedMs,
    cpuSeconds: () => processorSeconds(pid),
    rssMegabytes: () => residentMegabytes(pid),
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
