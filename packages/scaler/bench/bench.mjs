// Measures the scaler on a real Docker Swarm: webhook posted → spec changed, one after the other, then a
// hundred services at once, then ten webhooks at once for one service.
//
//   pnpm --filter @docker-flow/scaler bench
//
// Needs the built package (pnpm build) and what scripts/swarm-cluster needs. With DOCKER_HOST set to a
// manager of a throw-away Swarm, that one is used instead of a cluster of its own.
import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { percentile, report } from '@docker-flow/testkit';
import Docker from 'dockerode';

const SERVICES = 100;
const ONE_BY_ONE = 200;
const WARM_UP = 20;
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const cluster = `${root}/scripts/swarm-cluster`;
const name = 'scaler-bench';

function ownCluster() {
  execFileSync(cluster, ['up', '--name', name, '--nodes', '1'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const env = execFileSync(cluster, ['env', '--name', name], { encoding: 'utf8' });
  return /DOCKER_HOST=(\S+)/.exec(env)[1];
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Services whose tasks fit on no node: the figures are those of the scaler and of Swarm's store, not of containers. */
async function createServices(docker) {
  const create = (i) =>
    docker.createService({
      Name: `bench-${i}`,
      Labels: { 'com.df.scaleMin': '1', 'com.df.scaleMax': '1000' },
      TaskTemplate: {
        ContainerSpec: { Image: 'none' },
        Placement: { Constraints: ['node.labels.bench==none'] },
      },
      Mode: { Replicated: { Replicas: 5 } },
    });
  const ids = [];
  for (let i = 0; i < SERVICES; i += 1) ids.push((await create(i)).id);
  return ids;
}

/** `asked` are group labels: an absolute count, or a step down; steps up end while tasks fit on no node. */
function webhook(service, asked, group) {
  return JSON.stringify({
    version: '4',
    status: 'firing',
    groupKey: `{}:{service="${service}",n="${group}"}`,
    groupLabels: { service, ...asked },
    alerts: [{ status: 'firing', labels: { alertname: 'bench' } }],
  });
}

async function post(url, service, asked, group) {
  const answer = await fetch(url, { method: 'POST', body: webhook(service, asked, group) });
  const { message } = await answer.json();
  if (answer.status !== 200) throw new Error(`${answer.status} ${message}`);
}

const replicasOf = async (docker, service) =>
  (await docker.getService(service).inspect()).Spec.Mode.Replicated.Replicas;

async function measure(docker, url) {
  const times = [];
  for (let i = 0; i < WARM_UP + ONE_BY_ONE; i += 1) {
    const began = performance.now();
    await post(url, 'bench-0', { to: i % 2 === 0 ? '6' : '5' }, i);
    if (i >= WARM_UP) times.push(performance.now() - began);
  }
  const what = `webhook → spec changed, ${ONE_BY_ONE} one by one`;
  report({ what: `${what}, p50`, value: percentile(times, 0.5), unit: 'ms', goal: 25, original: 12 });
  report({ what: `${what}, p99`, value: percentile(times, 0.99), unit: 'ms' });

  const before = await Promise.all(
    Array.from({ length: SERVICES }, (_, i) => replicasOf(docker, `bench-${i}`)),
  );
  const began = performance.now();
  await Promise.all(
    Array.from({ length: SERVICES }, (_, i) => post(url, `bench-${i}`, { to: String(before[i] + 1) }, 'all')),
  );
  const tookMs = performance.now() - began;
  const after = await Promise.all(
    Array.from({ length: SERVICES }, (_, i) => replicasOf(docker, `bench-${i}`)),
  );
  const changed = after.filter((count, i) => count === before[i] + 1).length;
  report({ what: `${SERVICES} services at once, all done`, value: tookMs / 1000, unit: 's', goal: 3 });
  report({ what: '  changed', value: changed, unit: 'services', atLeast: SERVICES });

  await post(url, 'bench-1', { to: '50' }, 'many');
  const start = await replicasOf(docker, 'bench-1');
  await Promise.all(
    Array.from({ length: 10 }, (_, i) => post(url, 'bench-1', { scale: 'down' }, `ten-${i}`)),
  );
  const end = await replicasOf(docker, 'bench-1');
  report({
    what: '10 webhooks at once for one service, steps made',
    value: start - end,
    unit: '',
    atLeast: 10,
    goal: 10,
  });
}

async function waitUntilUp(url) {
  for (let tries = 0; tries < 300; tries += 1) {
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not answer`);
}

const given = process.env.DOCKER_HOST;
const dockerHost = given ?? ownCluster();
const docker = new Docker({ socketPath: dockerHost.replace('unix://', '') });
const port = await freePort();
const scaler = spawn(process.execPath, [`${root}/packages/scaler/dist/main.js`], {
  env: {
    PATH: process.env.PATH,
    DOCKER_HOST: dockerHost,
    DF_LISTEN_ADDRESS: `127.0.0.1:${port}`,
    LOG_LEVEL: 'warn',
  },
  stdio: 'inherit',
});
let ids = [];
try {
  await waitUntilUp(`http://127.0.0.1:${port}/v1/ping`);
  ids = await createServices(docker);
  await measure(docker, `http://127.0.0.1:${port}/v1/scale-service`);
} finally {
  scaler.kill('SIGTERM');
  if (given) await Promise.all(ids.map((id) => docker.getService(id).remove()));
  else execFileSync(cluster, ['down', '--name', name], { stdio: ['ignore', 'ignore', 'inherit'] });
}
