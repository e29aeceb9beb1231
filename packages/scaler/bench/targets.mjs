// Measures scaling on targets over a simulated Docker and a simulated Prometheus: 1,000 services with 10 tasks each
// at a loop of 5 s (CPU, memory, queries), the way from a step of load to the written spec, and the decision alone.
//
//   node packages/scaler/bench/targets.mjs
//
// Needs the built package (pnpm build).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { percentile, report } from '@docker-flow/testkit';
import { decide } from '../dist/core/autoscaling/decide.js';
import { NO_MEMORY } from '../dist/core/autoscaling/memory.js';
import { completePolicy } from '../dist/core/autoscaling/policy/complete-policy.js';

const SERVICES = 1_000;
const TASKS = 10;
const MEASURED_SECONDS = 40;
const STEPS = 10;
/** A step of load is in Prometheus's answers with its next scrape. */
const SCRAPE_MS = 5_000;
const TASK = 'container_label_com_docker_swarm_task_id';
const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

const createdAt = new Date(Date.now() - 86_400_000).toISOString();
const services = new Map(
  Array.from({ length: SERVICES }, (_, i) => [
    `id-${i}`,
    { id: `id-${i}`, name: `web-${i}`, version: 1, replicas: TASKS },
  ]),
);
const written = new Map();
let usage = 0.5;
const queries = [];

function serviceJson({ id, name, version, replicas }) {
  return {
    ID: id,
    Version: { Index: version },
    CreatedAt: createdAt,
    UpdatedAt: createdAt,
    Spec: {
      Name: name,
      Labels: {
        'com.df.scaleOn': '@cpu',
        'com.df.scaleTarget': '50%',
        'com.df.scaleMax': '1000',
        'com.df.notify': 'true',
      },
      TaskTemplate: {
        ContainerSpec: { Image: 'web:1' },
        Resources: { Reservations: { NanoCPUs: 1_000_000_000 } },
      },
      Mode: { Replicated: { Replicas: replicas } },
    },
    ServiceStatus: { RunningTasks: replicas, DesiredTasks: replicas },
  };
}

function tasksJson() {
  return [...services.values()].flatMap(({ id, replicas }) =>
    Array.from({ length: replicas }, (_, i) => ({
      ID: `${id}-task-${i}`,
      ServiceID: id,
      NodeID: 'node',
      Slot: i + 1,
      CreatedAt: createdAt,
      DesiredState: 'running',
      Status: { State: 'running', Timestamp: createdAt },
      Spec: { Resources: { Reservations: { NanoCPUs: 1_000_000_000 } } },
      NetworksAttachments: [{ Network: { Spec: { Name: 'proxy' } }, Addresses: [`10.0.${i}.1/24`] }],
    })),
  );
}

function send(response, body) {
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Api-Version', '1.41');
  response.end(JSON.stringify(body));
}

async function textOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const docker = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://docker');
  const path = pathname.replace(/^\/v[0-9.]+/, '');
  const [, , id, action] = path.split('/');
  if (path === '/events') return void response.writeHead(200).flushHeaders();
  if (path === '/services') return send(response, [...services.values()].map(serviceJson));
  if (path === '/tasks') return send(response, tasksJson());
  if (path.startsWith('/services/') && action === 'update') {
    const service = services.get(id);
    service.replicas = JSON.parse(await textOf(request)).Mode.Replicated.Replicas;
    service.version += 1;
    written.get(id)?.();
    return send(response, {});
  }
  if (path.startsWith('/services/')) return send(response, serviceJson(services.get(id)));
  return send(response, { ApiVersion: '1.41', Swarm: { ControlAvailable: true } });
});

/** What Prometheus knows changes with its scrapes only. */
let scraped = new Map();
setInterval(() => (scraped = new Map(pending)), SCRAPE_MS).unref();
const pending = new Map();

const prometheus = createServer(async (request, response) => {
  queries.push(await textOf(request));
  const result = tasksJson().map(({ ID, ServiceID }) => ({
    metric: { [TASK]: ID },
    value: [Date.now() / 1_000, String(scraped.get(ServiceID) ?? usage)],
  }));
  send(response, { status: 'success', data: { resultType: 'vector', result } });
});

function listen(server) {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** CPU of the process in seconds, and its memory in MB. */
function used(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const rss = Number(/VmRSS:\s+([0-9]+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  return { cpu: (Number(stat[11]) + Number(stat[12])) / 100, rss };
}

function measureDecide() {
  const { policy } = completePolicy({
    max: 1_000,
    metrics: [{ name: 'm1', per: 'task', type: 'utilization', resource: 'cpu', target: 50 }],
  });
  const tasks = Array.from({ length: TASKS }, (_, i) => ({
    id: `t${i}`,
    ready: true,
    startedSecondsAgo: 9_999,
    request: 1,
    samples: { m1: 0.4 + i / 50 },
  }));
  let memories = Array(SERVICES).fill(NO_MEMORY);
  const times = [];
  for (let round = 0; round < 70; round += 1) {
    const began = performance.now();
    memories = memories.map(
      (memory) => decide(policy, memory, { at: round * 5, current: TASKS, tasks }).memory,
    );
    if (round >= 60) times.push(performance.now() - began);
  }
  report({
    what: `decide, ${SERVICES} services of ${TASKS} tasks, p50`,
    value: percentile(times, 0.5),
    unit: 'ms',
    goal: 50,
  });
}

measureDecide();
const [dockerPort, prometheusPort] = await Promise.all([listen(docker), listen(prometheus)]);
const scaler = spawn(process.execPath, [`${root}/packages/scaler/dist/main.js`], {
  env: {
    PATH: process.env.PATH,
    DOCKER_HOST: `tcp://127.0.0.1:${dockerPort}`,
    PROMETHEUS_URL: `http://127.0.0.1:${prometheusPort}`,
    DF_LISTEN_ADDRESS: '127.0.0.1:0',
    LOG_LEVEL: 'warn',
  },
  stdio: 'inherit',
});
try {
  await sleep(15_000);
  queries.length = 0;
  const before = used(scaler.pid);
  await sleep(MEASURED_SECONDS * 1_000);
  const after = used(scaler.pid);
  report({
    what: `${SERVICES} services at a loop of 5 s, share of a core`,
    value: (after.cpu - before.cpu) / MEASURED_SECONDS,
    unit: '',
    goal: 0.5,
  });
  report({ what: '  memory', value: after.rss, unit: 'MB', goal: 130 });
  report({ what: '  queries per look', value: queries.length / (MEASURED_SECONDS / 5), unit: '', goal: 1.2 });
  const times = [];
  for (let i = 0; i < STEPS; i += 1) {
    const id = `id-${i}`;
    await sleep(Math.random() * SCRAPE_MS);
    const began = performance.now();
    const done = new Promise((resolve) => written.set(id, resolve));
    pending.set(id, 0.9);
    await done;
    times.push(performance.now() - began);
    pending.delete(id);
    written.delete(id);
  }
  report({
    what: 'step of load → spec written, mean',
    value: times.reduce((a, b) => a + b, 0) / times.length / 1_000,
    unit: 's',
    goal: 5,
    original: 27.5,
  });
  report({ what: '  worst', value: Math.max(...times) / 1_000, unit: 's', goal: 10, original: 55 });
} finally {
  scaler.kill('SIGTERM');
  docker.close().closeAllConnections();
  prometheus.close().closeAllConnections();
}
