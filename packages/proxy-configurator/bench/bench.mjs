// Measures what people wait for, beside the figures of the original program and the goals.
//
//   pnpm --filter @docker-flow/proxy-configurator bench [part …]
//
// Requests that fail during rolling updates are counted on a real Swarm, by packages/e2e/src/proxy-rolling-updates.e2e.ts.
import { Agent, createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { parseProxyLabels } from '@docker-flow/labels';
import { median, report } from '@docker-flow/testkit';
import { readConfig } from '../dist/config.js';
import { buildHaproxyModel } from '../dist/core/build.js';
import { renderHaproxyConfig } from '../dist/core/render.js';
import { startAnsweringServer } from './answering-server.mjs';
import { freePorts, get, startProgram } from './program.mjs';

const PARTS = { sequential, together, unresolvable, render, reconfigurations, routes, memory };
const wanted = process.argv.slice(2);
for (const [name, measure] of Object.entries(PARTS))
  if (wanted.length === 0 || wanted.includes(name)) await measure();

function service(i, more = {}) {
  return {
    serviceName: `service-${i}`,
    servicePath: `/service-${i}/`,
    port: '9',
    outboundHostname: '127.0.0.1',
    ...more,
  };
}

async function sequential() {
  const program = await startProgram();
  const times = [];
  const begun = performance.now();
  for (let i = 0; i < 200; i += 1) {
    const at = performance.now();
    const { status, body } = await program.reconfigure(service(i));
    if (status !== 200) throw new Error(body);
    times.push(performance.now() - at);
  }
  report({
    what: '200 services one after the other, p50 of a request',
    value: median(times),
    unit: 'ms',
    goal: 120,
    original: 619,
  });
  report({
    what: '200 services one after the other, all',
    value: (performance.now() - begun) / 1000,
    unit: 's',
    original: 125,
  });
  await program.stop();
}

async function together() {
  const program = await startProgram();
  const before = await program.reloads();
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => program.reconfigure(service(i))));
  const seconds = (performance.now() - begun) / 1000;
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  // Port 9 refuses: 503 comes from the route's backend either way, so the routes are asked for in the configuration.
  const { body } = await get(agent, program.api, '/v1/docker-flow-proxy/config');
  const live = new Set([...body.matchAll(/^backend (service-\d+)-be/gm)].map(([, name]) => name)).size;
  agent.destroy();
  report({ what: '200 services at once, all live after', value: seconds, unit: 's', goal: 3, original: 115 });
  report({
    what: '200 services at once, reloads',
    value: (await program.reloads()) - before,
    unit: 'reloads',
    goal: 8,
  });
  report({
    what: '200 services at once, dropped',
    value: 200 - Math.min(live, answers.filter(({ status }) => status === 200).length),
    unit: 'services',
    goal: 0,
  });
  await program.stop();
}

async function unresolvable() {
  const program = await startProgram();
  const ghost = program.reconfigure({
    serviceName: 'ghost',
    servicePath: '/ghost',
    port: '80',
    outboundHostname: 'nowhere.invalid',
  });
  const at = performance.now();
  const { status } = await program.reconfigure(service(1));
  if (status !== 200) throw new Error(`status ${status}`);
  report({
    what: 'beside a name that does not resolve, another service is live after',
    value: (performance.now() - at) / 1000,
    unit: 's',
    goal: 1,
    original: 21,
  });
  const answer = await ghost;
  if (answer.status !== 500) throw new Error(`the unresolvable service got ${answer.status}`);
  await program.stop();
}

function render() {
  const { settings } = readConfig({ DF_FS_ROOT: '/tmp' });
  const services = Array.from({ length: 1000 }, (_, i) => ({
    service: parseProxyLabels(service(i, i % 2 ? { serviceDomain: `s${i}.acme.test` } : {}), settings.labels)
      .service,
    users: undefined,
    frontendSnippet: undefined,
    backendSnippet: undefined,
  }));
  const tablePath = ({ name }) => `/tmp/${name}.map`;
  const input = {
    settings,
    services,
    tablePath,
    capabilities: { version: [2, 6], prometheusExporter: true },
    addresses: new Map(),
    slots: new Map(),
  };
  const times = Array.from({ length: 15 }, () => {
    const at = process.cpuUsage();
    renderHaproxyConfig(buildHaproxyModel(input), { settings, tablePath });
    const { user, system } = process.cpuUsage(at);
    return (user + system) / 1000;
  });
  report({ what: '1,000 services rendered', value: median(times), unit: 'ms of CPU time', goal: 100 });
}

async function reconfigurations() {
  const backend = createServer((_request, response) => response.end('ok'));
  await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const program = await startProgram();
  await program.reconfigure(service('load', { port: String(backend.address().port) }));
  let going = true;
  let requests = 0;
  let failures = 0;
  const kinds = new Map();
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const clients = Array.from({ length: 16 }, async (_, i) => {
    while (going || requests < 20_000) {
      requests += 1;
      // Half of the clients come with a new connection each time.
      const answer = await get(i % 2 ? agent : false, program.http, '/service-load/').catch((error) => ({
        status: error.code,
      }));
      if (answer.status !== 200) {
        failures += 1;
        kinds.set(answer.status, (kinds.get(answer.status) ?? 0) + 1);
      }
    }
  });
  for (let i = 0; i < 100; i += 1) {
    if (i % 3 === 2) await program.remove(`service-${i - 1}`);
    else await program.reconfigure(service(i));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  going = false;
  await Promise.all(clients);
  agent.destroy();
  report({
    what: `failed of ${requests} requests during 100 reconfigurations`,
    value: failures,
    unit: 'requests',
    goal: 0,
  });
  if (failures > 0) console.log('  by kind:', Object.fromEntries(kinds));
  await program.stop();
  backend.close();
}

async function routes() {
  const [port] = await freePorts(1);
  const server = await startAnsweringServer(port);
  const few = await routeSpeed(10, port);
  const many = await routeSpeed(1000, port);
  server.stop();
  console.log(
    `requests per CPU second of HAProxy to the same ten services with 10 routes: ${few.same.toFixed(0)}, with 1,000: ${many.same.toFixed(0)}`,
  );
  report({
    what: 'requests per second with 1,000 routes',
    value: many.same / few.same,
    unit: 'of that with 10',
    atLeast: 0.9,
  });
  console.log(`spread over all 1,000 services (100 times the connections to keep): ${many.all.toFixed(0)}`);
}

/** By the CPU time of HAProxy, so that other work on the machine does not count. */
async function routeSpeed(count, port) {
  const program = await startProgram();
  const all = Array.from({ length: count }, (_, i) => service(i, { port: String(port) }));
  await Promise.all(all.map((one) => program.reconfigure(one)));
  const paths = all.map(({ servicePath }) => `${servicePath}x`);
  const speed = async (some) => {
    await ask(program.http, some, 500);
    const runs = [];
    for (let i = 0; i < 5; i += 1) {
      const before = program.haproxyCpuSeconds();
      const answered = await ask(program.http, some, 2000);
      runs.push(answered / (program.haproxyCpuSeconds() - before));
    }
    return median(runs);
  };
  const result = { same: await speed(paths.slice(-10)), all: await speed(paths) };
  await program.stop();
  return result;
}

function ask(port, paths, ms) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./requests-per-second.mjs', import.meta.url), {
      workerData: { port, paths, ms, connections: 8, depth: 16 },
    });
    worker.once('message', ({ answered, failed }) =>
      failed > 0 ? reject(new Error(`${failed} failed`)) : resolve(answered),
    );
    worker.once('error', reject);
  });
}

async function memory() {
  const program = await startProgram();
  await Promise.all(
    Array.from({ length: 1000 }, (_, i) =>
      program.reconfigure(service(i, { serviceDomain: `s${i}.acme.test` })),
    ),
  );
  for (let i = 0; i < 20; i += 1) await program.reconfigure(service(i, { serviceDomain: `t${i}.acme.test` }));
  await new Promise((resolve) => setTimeout(resolve, 3000));
  report({
    what: 'RSS of the controller with 1,000 services',
    value: program.rssMegabytes(),
    unit: 'MB',
    goal: 90,
    original: 15,
  });
  await program.stop();
}
