// cluster: --nodes 1
// images: loop
//
// How long each part of the loop takes, on a real Swarm with real servers. Prints figures; judges nothing.
import { setTimeout as pause } from 'node:timers/promises';
import Docker from 'dockerode';
import { describeMs } from './figures.js';
import { startListenerWithReceiver } from './listener-with-receiver.js';
import { serviceSpec, type BenchService } from '../harness/swarm/service-spec.js';
import { clusterFromEnvironment } from '../harness/swarm/cluster.js';
import { ownImage } from '../harness/swarm/own-image.js';
import { askInside } from '../harness/swarm/inside-container.js';
import { getStatus } from '../harness/http-get.js';
import { createPrometheusApi } from '../harness/prometheus/prometheus-api.js';
import { networkVariables } from '../harness/swarm/stack.js';
import { createProgress } from '../harness/progress.js';
import { deployAll } from '../story/stack-set.js';
import { until } from '../harness/until.js';

const EVENTS = 100;
const ROUTES = 10;
const OTHERS = 1_000;
const AT_ONCE = 20;
const RULES = 10;
const SCALINGS = 5;
const CONFIG_URL = 'http://127.0.0.1:8080/v1/docker-flow-proxy/config';
const DEMO_IMAGE = ownImage('demo');

const cluster = clusterFromEnvironment(process.env);
const { root } = cluster;
const docker = new Docker({ socketPath: cluster.dockerSocket });
const proxyUrl = `http://${cluster.address}`;
const prometheus = createPrometheusApi(`${proxyUrl}/monitor`);
const progress = createProgress((line) => process.stderr.write(`${line}\n`));
const nowMs = () => performance.timeOrigin + performance.now();

function remove(names: readonly string[]): Promise<unknown> {
  return Promise.all(names.map((name) => docker.getService(name).remove()));
}

/** From the time Docker gives its event to the request at the receiver. */
async function eventToNotification(): Promise<readonly number[]> {
  const listener = await startListenerWithReceiver(root, cluster.dockerHost);
  const names = Array.from({ length: EVENTS }, (_, i) => `bench-event-${i}`);
  const samples: number[] = [];
  for (const name of names) {
    await docker.createService(
      serviceSpec({
        name,
        replicas: 0,
        image: DEMO_IMAGE,
        networks: [],
        labels: { 'com.df.notify': 'true' },
      }),
    );
    const created = Date.parse(
      ((await docker.getService(name).inspect()) as { CreatedAt: string }).CreatedAt,
    );
    const notified = await until(
      `notification of ${name}`,
      () => {
        const at = listener.notifiedAtMs.get(name);
        return Promise.resolve(at === undefined ? { notYet: 'no request' } : { done: at });
      },
      { timeoutMs: 10_000, everyMs: 2 },
    );
    samples.push(notified - created);
  }
  await listener.stop();
  await remove(names);
  return samples;
}

/** What is asked of services with routes: whether Docker checks them, and who follows their tasks. */
interface Kind {
  readonly name: string;
  readonly words: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly healthCheck?: BenchService['healthCheck'];
}

const BY_DNS = { 'com.df.discoveryType': 'DNS' };
const UNCHECKED = { Test: ['NONE'] };
const KINDS: readonly Kind[] = [
  { name: 'checked', words: 'with a health check', labels: {} },
  { name: 'unchecked', words: 'without a health check', labels: {}, healthCheck: UNCHECKED },
  { name: 'by-dns', words: 'without, discovered by DNS', labels: BY_DNS, healthCheck: UNCHECKED },
];

async function routesInWords(suffix: string, when: string): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const kind of KINDS) {
    const delays = await serviceToRoute(kind, suffix);
    lines.push(
      describeMs(`service ${kind.words} created → answers through the proxy${when}`, delays.sinceCreatedMs),
      describeMs('  since its task runs and listens (is healthy)', delays.sinceReadyMs),
    );
  }
  return lines;
}

interface RouteDelays {
  /** From the API call that creates a service to the first 200 through the proxy. */
  readonly sinceCreatedMs: readonly number[];
  /** From the moment its task could answer: it runs, which with a health check is once it is healthy, and listens. */
  readonly sinceReadyMs: readonly number[];
}

async function serviceToRoute({ labels, healthCheck, ...kind }: Kind, suffix: string): Promise<RouteDelays> {
  const sinceCreatedMs: number[] = [];
  const sinceReadyMs: number[] = [];
  for (let i = 0; i < ROUTES; i += 1) {
    const name = `bench-${kind.name}${suffix}-${i}`;
    const begun = nowMs();
    await docker.createService(
      serviceSpec({
        name,
        replicas: 1,
        image: DEMO_IMAGE,
        networks: ['proxy'],
        labels: { ...routeLabels(name), ...labels },
        ...(healthCheck ? { healthCheck } : {}),
      }),
    );
    const answered = await firstAnswer(`${name}.test`);
    sinceCreatedMs.push(answered - begun);
    sinceReadyMs.push(Math.max(0, answered - Math.max(await runsSince(name), await listensSince(name))));
    await remove([name]);
  }
  return { sinceCreatedMs, sinceReadyMs };
}

function routeLabels(name: string): Readonly<Record<string, string>> {
  return {
    'com.df.notify': 'true',
    'com.df.distribute': 'true',
    'com.df.serviceDomain': `${name}.test`,
    'com.df.port': '8080',
  };
}

/** When Swarm saw the task of a service run, in milliseconds since 1970. */
function runsSince(name: string): Promise<number> {
  return until(`the task of ${name} runs`, async () => {
    const tasks = await docker.listTasks({ filters: JSON.stringify({ service: [name] }) });
    const states = tasks.map((task) => (task as { Status: { State: string; Timestamp: string } }).Status);
    const running = states.find(({ State: state }) => state === 'running');
    return running ? { done: Date.parse(running.Timestamp) } : { notYet: JSON.stringify(states) };
  });
}

/** When the program in its only container began to listen, as it says itself. */
async function listensSince(name: string): Promise<number> {
  const filters = JSON.stringify({ label: [`com.docker.swarm.service.name=${name}`] });
  const [container] = await docker.listContainers({ filters });
  if (!container) throw new Error(`${name} has no container`);
  const log = await docker.getContainer(container.Id).logs({ stdout: true, follow: false });
  const [, time = ''] = /"time":"([^"]+)"[^\n]*"message":"Listening"/.exec(String(log)) ?? [];
  return Date.parse(time);
}

/**
 * Services whose tasks find no node, so that a small machine can have as many; their routes lead to the one address of
 * another one, as those of usual services do to their virtual address.
 */
async function addOthers(): Promise<void> {
  for (let first = 0; first < OTHERS; first += AT_ONCE)
    await Promise.all(
      Array.from({ length: AT_ONCE }, (_, i) => {
        const name = `other-${first + i}`;
        return docker.createService(
          serviceSpec({
            name,
            replicas: 1,
            image: DEMO_IMAGE,
            networks: [],
            labels: { ...routeLabels(name), 'com.df.outboundHostname': 'monitor_monitor' },
            constraints: ['node.labels.free == yes'],
          }),
        );
      }),
    );
  await until(
    `${OTHERS} routes`,
    async () => {
      const config = await askInside(cluster.docker, 'proxy_proxy', CONFIG_URL);
      const there = config.match(/^backend other-/gm)?.length ?? 0;
      return there === OTHERS ? { done: true } : { notYet: `${there}` };
    },
    { timeoutMs: 600_000 },
  );
}

/**
 * When a request was first answered with 200. A request is sent every 20 ms, whatever became of those before: HAProxy
 * keeps one that comes before the program listens for a second. /metrics is on nobody's path, so only the route by domain can answer it.
 */
async function firstAnswer(host: string): Promise<number> {
  let answered: number | undefined;
  let last = 'nothing was answered';
  const send = async () => {
    const status = await getStatus(`${proxyUrl}/metrics`, host, 20_000);
    if (status === 200) answered ??= nowMs();
    else last = `status ${status}`;
  };
  return until(
    `${host} answers`,
    () => {
      void send().catch((error: unknown) => (last = String(error)));
      return Promise.resolve(answered === undefined ? { notYet: last } : { done: answered });
    },
    { timeoutMs: 60_000, everyMs: 20 },
  );
}

/** From the API call that creates a service with an alert to the rule in Prometheus's own API. */
async function labelToRule(): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let i = 0; i < RULES; i += 1) {
    const name = `bench-rule-${i}`;
    const labels = {
      'com.df.notify': 'true',
      'com.df.alertName': 'slow',
      'com.df.alertIf': '@resp_time_above:0.1,5m,0.99',
    };
    const begun = nowMs();
    await docker.createService(serviceSpec({ name, replicas: 0, image: DEMO_IMAGE, networks: [], labels }));
    const rule = `${name.replaceAll('-', '')}_slow`;
    await until(
      `rule ${rule}`,
      async () => ((await prometheus.alertRules()).includes(rule) ? { done: true } : { notYet: 'not there' }),
      { timeoutMs: 30_000, everyMs: 10 },
    );
    samples.push(nowMs() - begun);
    await remove([name]);
  }
  return samples;
}

/**
 * From the time an alert fires in Prometheus to the changed replica count in the spec. An alert that fires at
 * once, `forSeconds` 0, meets the moment after the reload that brought its rule: Prometheus finds Alertmanager
 * again within five seconds, drops what it sends until then, and sends it again after its resend delay.
 */
async function alertToReplicas(forSeconds: number): Promise<readonly number[]> {
  const samples: number[] = [];
  for (let i = 0; i < SCALINGS; i += 1) {
    const name = `bench-scale-${forSeconds}-${i}`;
    const labels = {
      'com.df.notify': 'true',
      'com.df.scaleMin': '1',
      'com.df.scaleMax': '2',
      'com.df.alertName': 'always',
      'com.df.alertIf': 'vector(1) > 0',
      'com.df.alertFor': `${forSeconds}s`,
      'com.df.alertLabels': `scale=up,type=service,service=${name}`,
    };
    await docker.createService(serviceSpec({ name, replicas: 1, image: DEMO_IMAGE, networks: [], labels }));
    const scaledAt = await until(
      `${name} scaled`,
      async () => {
        const service = (await docker.getService(name).inspect()) as {
          UpdatedAt: string;
          Spec: { Mode: { Replicated: { Replicas: number } } };
        };
        return service.Spec.Mode.Replicated.Replicas === 2
          ? { done: Date.parse(service.UpdatedAt) }
          : { notYet: 'one replica' };
      },
      { timeoutMs: 60_000, everyMs: 20 },
    );
    const activeAt = await prometheus.activeSince(`${name.replaceAll('-', '')}_always`);
    samples.push(scaledAt - activeAt - forSeconds * 1_000);
    await remove([name]);
    await pause(100);
  }
  return samples;
}

const variables = { ...networkVariables(cluster.hasIpvs), DOCKER_SOCKET: cluster.dockerSocket };
await deployAll({ docker: cluster.docker, stacksDir: cluster.stacksDir, variables }, progress, 180_000);
await until('Prometheus answers through the proxy', async () => ({ done: await prometheus.alertRules() }), {
  timeoutMs: 120_000,
});
const report = [
  describeMs('Docker event → notification received', await eventToNotification()),
  ...(await routesInWords('', '')),
  describeMs('label → rule live in Prometheus', await labelToRule()),
  describeMs('alert firing → replicas changed', await alertToReplicas(10)),
  describeMs('  rule loaded a moment before', await alertToReplicas(0)),
];
await addOthers();
report.push(...(await routesInWords('-late', `, ${OTHERS} others there`)));
process.stdout.write(`\n${report.join('\n')}\n`);
