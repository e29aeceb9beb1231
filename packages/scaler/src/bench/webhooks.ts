import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { median, percentile, type Figure } from '@docker-flow/testkit';
import Docker from 'dockerode';
import { startScaler } from './scaler-process.js';

const SERVICES = 100;
const ONE_BY_ONE = 200;
const WARM_UP = 20;
const CLUSTER = path.resolve(import.meta.dirname, '../../../../scripts/swarm-cluster');
const NAME = 'scaler-bench';
const services = Array.from({ length: SERVICES }, (_, i) => `bench-${i}`);

/**
 * The scaler on a real Docker Swarm: webhook posted → spec changed, one after the other, then a hundred services at
 * once, then ten webhooks at once for one service. With DOCKER_HOST set to a manager of a throw-away Swarm, that one is
 * used instead of a cluster of its own.
 */
export async function measureWebhooks(): Promise<readonly Figure[]> {
  const given = process.env['DOCKER_HOST'];
  const dockerHost = given ?? ownCluster();
  const docker = new Docker({ socketPath: dockerHost.replace('unix://', '') });
  const scaler = await startScaler({ DOCKER_HOST: dockerHost });
  const ids: string[] = [];
  try {
    for (const name of services) ids.push(await createService(docker, name));
    const url = `${scaler.url}/v1/scale-service`;
    return [
      ...(await oneByOne(url)),
      ...(await allAtOnce(docker, url)),
      ...(await manyForOneService(docker, url)),
    ];
  } finally {
    await scaler.stop();
    if (given === undefined) swarmCluster('down');
    else await Promise.all(ids.map((id) => docker.getService(id).remove()));
  }
}

function swarmCluster(command: string, ...more: readonly string[]): string {
  return execFileSync(CLUSTER, [command, '--name', NAME, ...more], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function ownCluster(): string {
  swarmCluster('up', '--nodes', '1');
  const host = /DOCKER_HOST=(\S+)/.exec(swarmCluster('env'))?.[1];
  if (host === undefined) throw new Error('the cluster does not say where its manager is');
  return host;
}

/** Its tasks fit on no node: the figures are those of the scaler and of Swarm's store, not of containers. */
async function createService(docker: Docker, name: string): Promise<string> {
  const { id } = await docker.createService({
    Name: name,
    Labels: { 'com.df.scaleMin': '1', 'com.df.scaleMax': '1000' },
    TaskTemplate: {
      ContainerSpec: { Image: 'none' },
      Placement: { Constraints: ['node.labels.bench==none'] },
    },
    Mode: { Replicated: { Replicas: 5 } },
  });
  return id;
}

/** `asked` are group labels: an absolute count, or a step down; steps up end while tasks fit on no node. */
async function post(
  url: string,
  service: string,
  asked: Readonly<Record<string, string>>,
  group: string | number,
): Promise<void> {
  const body = JSON.stringify({
    version: '4',
    status: 'firing',
    groupKey: `{}:{service="${service}",n="${group}"}`,
    groupLabels: { service, ...asked },
    alerts: [{ status: 'firing', labels: { alertname: 'bench' } }],
  });
  const answer = await fetch(url, { method: 'POST', body });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
}

async function replicasOf(docker: Docker, service: string): Promise<number> {
  const { Spec } = (await docker.getService(service).inspect()) as {
    readonly Spec: { readonly Mode: { readonly Replicated: { readonly Replicas: number } } };
  };
  return Spec.Mode.Replicated.Replicas;
}

function allReplicas(docker: Docker): Promise<readonly number[]> {
  return Promise.all(services.map((service) => replicasOf(docker, service)));
}

async function oneByOne(url: string): Promise<readonly Figure[]> {
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + ONE_BY_ONE; i += 1) {
    const begunAt = performance.now();
    await post(url, 'bench-0', { to: i % 2 === 0 ? '6' : '5' }, i);
    if (i >= WARM_UP) times.push(performance.now() - begunAt);
  }
  const what = `webhook → spec changed, ${ONE_BY_ONE} one by one`;
  return [
    { what: `${what}, p50`, value: median(times), unit: 'ms', goal: 25, original: 12 },
    { what: `${what}, p99`, value: percentile(times, 0.99), unit: 'ms' },
  ];
}

async function allAtOnce(docker: Docker, url: string): Promise<readonly Figure[]> {
  const before = await allReplicas(docker);
  const begunAt = performance.now();
  await Promise.all(
    services.map((service, i) => post(url, service, { to: String((before[i] ?? 0) + 1) }, 'all')),
  );
  const seconds = (performance.now() - begunAt) / 1_000;
  const after = await allReplicas(docker);
  const changed = after.filter((count, i) => count === (before[i] ?? 0) + 1).length;
  return [
    { what: `${SERVICES} services at once, all done`, value: seconds, unit: 's', goal: 3 },
    { what: '  changed', value: changed, unit: 'services', atLeast: SERVICES },
  ];
}

async function manyForOneService(docker: Docker, url: string): Promise<readonly Figure[]> {
  await post(url, 'bench-1', { to: '50' }, 'many');
  const before = await replicasOf(docker, 'bench-1');
  await Promise.all(
    Array.from({ length: 10 }, (_, i) => post(url, 'bench-1', { scale: 'down' }, `ten-${i}`)),
  );
  const steps = before - (await replicasOf(docker, 'bench-1'));
  return [
    {
      what: '10 webhooks at once for one service, steps made',
      value: steps,
      unit: '',
      atLeast: 10,
      goal: 10,
    },
  ];
}
