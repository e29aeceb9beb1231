import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Docker and a Prometheus that know the same services. */
export interface SimulatedSwarm {
  readonly dockerHost: string;
  readonly prometheusUrl: string;
  /** Queries that Prometheus was asked since the last `forgetQueries`. */
  queries(): number;
  forgetQueries(): void;
  /**
   * Puts a load on a service, which Prometheus knows after its next scrape; resolves when another count of replicas was
   * written. The load is gone then.
   */
  stepOfLoad(service: number): Promise<void>;
  stop(): void;
}

export interface SwarmSize {
  readonly services: number;
  readonly tasksPerService: number;
  /** Scaled on the processor time of their tasks; otherwise on webhooks alone. */
  readonly hasTargets: boolean;
}

/** A step of load is in Prometheus's answers with its next scrape. */
export const SCRAPE_MS = 5_000;
const TASK = 'container_label_com_docker_swarm_task_id';
/** Of a processor, for each task that has no load: what the target asks for, so that nothing changes. */
const AT_REST = 0.5;
const LOADED = 0.9;
const NANO_CPUS = 1_000_000_000;

const BOUNDS = { 'com.df.notify': 'true', 'com.df.scaleMax': '1000' };
const TARGET = { 'com.df.scaleOn': '@cpu', 'com.df.scaleTarget': '50%' };

interface Service {
  readonly labels: Readonly<Record<string, string>>;
  readonly id: string;
  readonly name: string;
  version: number;
  replicas: number;
}

export async function startSimulatedSwarm(size: SwarmSize): Promise<SimulatedSwarm> {
  const createdAt = new Date(Date.now() - 86_400_000).toISOString();
  const labels = { ...BOUNDS, ...(size.hasTargets ? TARGET : {}) };
  const services = new Map(
    Array.from({ length: size.services }, (_, i): [string, Service] => [
      `id-${i}`,
      { labels, id: `id-${i}`, name: `web-${i}`, version: 1, replicas: size.tasksPerService },
    ]),
  );
  const written = new Map<string, () => void>();
  const loads = new Map<string, number>();
  let scraped: ReadonlyMap<string, number> = new Map();
  let queries = 0;
  let scrapedAtMs = Date.now();
  const scrapes = setInterval(() => {
    scraped = new Map(loads);
    scrapedAtMs = Date.now();
  }, SCRAPE_MS);

  const allTasks = () => [...services.values()].flatMap((service) => tasksOf(service, createdAt));

  async function answerDocker(request: IncomingMessage): Promise<unknown> {
    const path = (request.url ?? '/').replace(/\?.*$/, '').replace(/^\/v[0-9.]+/, '');
    const [, kind, id = '', action] = path.split('/');
    if (kind === 'tasks') return allTasks();
    if (kind !== 'services') return { ApiVersion: '1.41', Swarm: { ControlAvailable: true } };
    const service = services.get(id);
    if (!service) return [...services.values()].map((one) => serviceJson(one, createdAt));
    if (action !== 'update') return serviceJson(service, createdAt);
    const spec = JSON.parse(await textOf(request)) as { Mode: { Replicated: { Replicas: number } } };
    service.replicas = spec.Mode.Replicated.Replicas;
    service.version += 1;
    written.get(id)?.();
    return {};
  }

  const docker = createServer((request, response) => {
    if (/\/events(?:$|\?)/.test(request.url ?? '')) {
      response.writeHead(200).flushHeaders();
      return;
    }
    void answerDocker(request).then((body) => send(response, body));
  });
  const prometheus = createServer((request, response) => {
    void textOf(request).then((query) => {
      queries += 1;
      if (query.includes('count_values')) {
        send(response, sampleAges((Date.now() - scrapedAtMs) / 1_000, allTasks().length));
        return;
      }
      const result = allTasks().map(({ ID, ServiceID }) => ({
        metric: { [TASK]: ID },
        value: [Date.now() / 1_000, String(scraped.get(ServiceID) ?? AT_REST)],
      }));
      send(response, { status: 'success', data: { resultType: 'vector', result } });
    });
  });
  const [dockerPort, prometheusPort] = await Promise.all([listen(docker), listen(prometheus)]);
  return {
    dockerHost: `tcp://127.0.0.1:${dockerPort}`,
    prometheusUrl: `http://127.0.0.1:${prometheusPort}`,
    queries: () => queries,
    forgetQueries: () => (queries = 0),
    async stepOfLoad(i) {
      const id = `id-${i}`;
      const done = new Promise<void>((resolve) => written.set(id, resolve));
      loads.set(id, LOADED);
      await done;
      loads.delete(id);
      written.delete(id);
    },
    stop() {
      clearInterval(scrapes);
      for (const server of [docker, prometheus]) server.close().closeAllConnections();
    },
  };
}

function serviceJson({ labels, id, name, version, replicas }: Service, createdAt: string) {
  return {
    ID: id,
    Version: { Index: version },
    CreatedAt: createdAt,
    UpdatedAt: createdAt,
    Spec: {
      Name: name,
      Labels: labels,
      TaskTemplate: {
        ContainerSpec: { Image: 'web:1' },
        Resources: { Reservations: { NanoCPUs: NANO_CPUS } },
      },
      Mode: { Replicated: { Replicas: replicas } },
    },
    ServiceStatus: { RunningTasks: replicas, DesiredTasks: replicas },
  };
}

function tasksOf({ id, replicas }: Service, createdAt: string) {
  return Array.from({ length: replicas }, (_, i) => ({
    ID: `${id}-task-${i}`,
    ServiceID: id,
    NodeID: 'node',
    Slot: i + 1,
    CreatedAt: createdAt,
    DesiredState: 'running',
    Status: { State: 'running', Timestamp: createdAt },
    Spec: { Resources: { Reservations: { NanoCPUs: NANO_CPUS } } },
    NetworksAttachments: [{ Network: { Spec: { Name: 'proxy' } }, Addresses: [`10.0.${i}.1/24`] }],
  }));
}

/** The answer to the question how old samples are. */
function sampleAges(seconds: number, series: number) {
  const result = [{ metric: { age: String(seconds) }, value: [Date.now() / 1_000, String(series)] }];
  return { status: 'success', data: { resultType: 'vector', result } };
}

function send(response: ServerResponse, body: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Api-Version', '1.41');
  response.end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
