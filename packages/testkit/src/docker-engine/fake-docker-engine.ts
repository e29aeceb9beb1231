import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { answerCall, sendMessage } from './api.js';
import { EngineRefusal, createCluster, type Cluster, type NewNode } from './cluster.js';
import { createEventLog } from './event-log.js';
import { createFaults, type Fault } from './faults.js';
import type { EngineEvent } from './objects.js';
import { createState } from './state.js';

export interface FakeEngineOptions {
  /** Nodes to begin with: so many, the first a manager, or described one by one. */
  readonly nodes?: number | readonly NewNode[];
  /**
   * Whether tasks appear and vanish with their services at once, as if the orchestrator took no time
   * (default). Otherwise tasks are whatever the test says.
   */
  readonly tasksFollowServices?: boolean;
  readonly apiVersion?: string;
  readonly minApiVersion?: string;
  /** A unix socket to listen on instead of a port of 127.0.0.1. */
  readonly socketPath?: string;
}

export interface EngineCall {
  readonly method: string;
  /** Without version prefix. */
  readonly path: string;
  readonly query: string;
}

export interface FakeDockerEngine extends Cluster {
  /** For `DOCKER_HOST`: `tcp://127.0.0.1:port` or `unix://path`. Stays the same when the engine comes back. */
  readonly dockerHost: string;
  /** Every call so far. */
  readonly calls: EngineCall[];
  /** Sends an event that nothing in the state explains: late, repeated, made up. */
  publish(event: EngineEvent): void;
  fault(fault: Fault): () => void;
  clearFaults(): void;
  dropEventStreams(how?: 'end' | 'reset'): number;
  muteEvents(muted: boolean): void;
  openEventStreams(): number;
  setTasksFollowServices(follow: boolean): void;
  /** All answers come so much later. */
  setLatency(latencyMs: number): void;
  /** The daemon dies: connections break, past events are forgotten, the cluster lives on. */
  crash(): Promise<void>;
  /** The daemon is back on the same address. */
  again(): Promise<void>;
  close(): Promise<void>;
}

/** A Swarm manager's Engine API over HTTP, in memory. Changes made with its methods send Docker's events. */
export async function startFakeDockerEngine(options: FakeEngineOptions = {}): Promise<FakeDockerEngine> {
  const state = createState();
  const events = createEventLog();
  const faults = createFaults();
  const calls: EngineCall[] = [];
  let tasksFollow = options.tasksFollowServices ?? true;
  let latencyMs = 0;
  const cluster = createCluster(state, events, () => tasksFollow);
  const version = {
    engine: '27.0.0',
    api: options.apiVersion ?? '1.46',
    minApi: options.minApiVersion ?? '1.24',
  };
  const nodes = options.nodes ?? 1;
  const first: readonly NewNode[] =
    typeof nodes === 'number'
      ? Array.from({ length: nodes }, (_, i) => ({ role: i === 0 ? 'manager' : 'worker' }))
      : nodes;
  for (const node of first) cluster.addNode(node);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://engine');
    const [, asked, path = '/'] = /^(?:\/v([0-9]+\.[0-9]+))?(\/.*)$/.exec(url.pathname) ?? [];
    const method = request.method ?? 'GET';
    calls.push({ method, path, query: url.search.slice(1) });
    const body = await readBody(request);
    response.setHeader('Api-Version', version.api);
    response.setHeader('Server', `Docker/${version.engine} (linux)`);
    const fault = faults.take(method, path);
    const waitMs = latencyMs + (fault?.delayMs ?? 0);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (fault?.how === 'hang') return;
    if (fault?.how === 'reset') {
      response.destroy();
      return;
    }
    if (fault?.status !== undefined) {
      sendMessage(response, fault.status, fault.message ?? 'fault');
      return;
    }
    const complaint = asked === undefined ? undefined : versionComplaint(asked, version);
    if (complaint !== undefined) {
      sendMessage(response, 400, complaint);
      return;
    }
    try {
      const call = { method, path, query: url.searchParams, body, request, response };
      if (!answerCall(call, { state, cluster, events, version }))
        sendMessage(response, 404, 'page not found');
    } catch (error) {
      if (error instanceof EngineRefusal) sendMessage(response, error.status, error.message);
      else sendMessage(response, 500, `fake engine: ${error instanceof Error ? error.message : ''}`);
    }
  }

  let server = await listen(handle, options.socketPath ?? 0);
  const { port } = server.address() as Partial<AddressInfo>;
  async function crash(): Promise<void> {
    events.forget();
    await server.stop();
  }
  return {
    ...cluster,
    dockerHost:
      options.socketPath === undefined ? `tcp://127.0.0.1:${String(port)}` : `unix://${options.socketPath}`,
    calls,
    publish: (event) => events.publish(event),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    dropEventStreams: (how = 'reset') => events.drop(how),
    muteEvents: (muted) => events.mute(muted),
    openEventStreams: () => events.openStreams(),
    setTasksFollowServices(follow) {
      tasksFollow = follow;
    },
    setLatency(ms) {
      latencyMs = ms;
    },
    crash,
    async again() {
      server = await listen(handle, options.socketPath ?? port ?? 0);
    },
    close: crash,
  };
}

function versionComplaint(
  asked: string,
  { api, minApi }: { api: string; minApi: string },
): string | undefined {
  if (compareVersions(asked, api) > 0)
    return `client version ${asked} is too new. Maximum supported API version is ${api}`;
  if (compareVersions(asked, minApi) < 0)
    return `client version ${asked} is too old. Minimum supported API version is ${minApi}, please upgrade your client to a newer version`;
  return undefined;
}

function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

type RunningServer = Server & { stop(): Promise<void> };

async function listen(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  where: string | number,
): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (typeof where === 'string') server.listen(where, () => resolve());
    else server.listen(where, '127.0.0.1', () => resolve());
  });
  async function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
  return Object.assign(server, { stop });
}
