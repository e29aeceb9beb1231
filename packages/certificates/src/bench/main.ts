import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { freePorts, median, report, startPebble } from '@docker-flow/testkit';
import { API } from '../api/openapi.js';
import { startProgram, type BenchProgram } from './programs.js';

/**
 * Measures the goals of speed with pebble and a real proxy on this machine: one certificate from the request to the
 * first handshake, and many services at once. The settle time is not counted. `bench [SERVICES]`
 */
const SERVICES = Number(process.argv[2] ?? 500);
const SINGLE = 5;
const PROXY_API = '/v1/docker-flow-proxy';
const LIMIT_S = 300;
const BATCH = 50;

interface World {
  readonly proxy: BenchProgram;
  readonly program: BenchProgram;
  readonly tlsPort: number;
}

/** The name that a client is shown for a server name; `undefined` when that is not the one it asked for. */
function servedName(port: number, name: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, servername: name, rejectUnauthorized: false }, () => {
      const shown = socket.getPeerCertificate().subjectaltname ?? '';
      socket.destroy();
      resolve(shown.split(', ').includes(`DNS:${name}`) ? name : undefined);
    });
    socket.once('error', () => resolve(undefined));
  });
}

async function ask({ proxy, program }: World, service: string, name: string): Promise<void> {
  const query = `serviceName=${service}&servicePath=/&port=9&serviceDomain=${name}&acme=true`;
  await proxy.get(`${PROXY_API}/reconfigure?${query}`);
  await program.get(`${API}/reconfigure?${query}`);
}

/** Seconds until every one of these names is served. */
async function untilServed(
  world: World,
  names: readonly string[],
  look: () => Promise<void>,
): Promise<number> {
  const begunAt = performance.now();
  const left = new Set(names);
  while (left.size > 0) {
    for (const name of left) {
      if ((await servedName(world.tlsPort, name)) === undefined) break;
      left.delete(name);
    }
    await look();
    if (performance.now() - begunAt > LIMIT_S * 1_000) throw new Error(`${left.size} names are not served`);
    await pause(20);
  }
  return (performance.now() - begunAt) / 1_000;
}

/** Seconds from the request to the first handshake, the median of a few services of that name. */
async function oneAfterTheOther(world: World, prefix: string): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < SINGLE; i += 1) {
    const name = `${prefix}${i}.bench.test`;
    const begunAt = performance.now();
    await ask(world, `${prefix}${i}`, name);
    await untilServed(world, [name], () => Promise.resolve());
    seconds.push((performance.now() - begunAt) / 1_000);
  }
  return median(seconds);
}

/** As many connections as a server takes. */
async function inBatches(
  queries: readonly string[],
  work: (query: string) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < queries.length; at += BATCH)
    await Promise.all(queries.slice(at, at + BATCH).map(work));
}

async function reloads({ proxy }: World): Promise<number> {
  const text = await proxy.get('/metrics');
  const samples = [...text.matchAll(/^docker_flow_proxy_reloads_total\{[^}]*"reloaded"[^}]*\} (\d+)$/gm)];
  return samples.reduce((sum, [, count]) => sum + Number(count), 0);
}

async function underWay({ program }: World): Promise<number> {
  const text = await program.get('/metrics');
  return Number(/^docker_flow_certificates_orders_under_way (\d+)$/m.exec(text)?.[1]);
}

const [httpPort = 0, tlsPort = 0, proxyPort = 0, programPort = 0] = await freePorts(4);
const pebble = await startPebble({ httpPort, refusedNonces: 5 });
const proxy = await startProgram({
  main: 'packages/proxy-configurator/dist/main.js',
  port: proxyPort,
  ping: `${PROXY_API}/ping`,
  environment: {
    DEFAULT_PORTS: `${httpPort},${tlsPort}:ssl`,
    DO_NOT_RESOLVE_ADDR: 'true',
    ALLOW_LOOPBACK: 'true',
  },
});
const program = await startProgram({
  main: 'packages/certificates/dist/main.js',
  port: programPort,
  ping: `${API}/ping`,
  environment: {
    PROXY_ADDRESS: proxy.address,
    DIRECTORY_URL: pebble.directoryUrl,
    CA_FILE: pebble.caFile,
    AGREE_TOS: 'true',
    SETTLE: '0',
  },
});
const world: World = { proxy, program, tlsPort };
try {
  const what = 'one certificate: asked for → served (median)';
  report({ what, value: await oneAfterTheOther(world, 'first'), unit: 's', goal: 3 });

  const names = Array.from({ length: SERVICES }, (_, i) => `s${i}.bench.test`);
  process.stderr.write(`${SERVICES} services are told to the proxy\n`);
  const queries = names.map(
    (name, i) => `serviceName=s${i}&servicePath=/&port=9&serviceDomain=${name}&acme=true`,
  );
  await inBatches(queries, (query) => proxy.get(`${PROXY_API}/reconfigure?${query}`));
  const before = await reloads(world);
  let most = 0;
  let memory = 0;
  await inBatches(queries, (query) => program.get(`${API}/reconfigure?${query}`));
  const all = await untilServed(world, names, async () => {
    most = Math.max(most, await underWay(world));
    memory = Math.max(memory, program.memory());
    await pause(200);
  });
  report({ what: `${SERVICES} services at once: all served`, value: all, unit: 's', goal: 180 });
  report({ what: 'orders under way at the same time, at most', value: most, unit: '', goal: 4 });
  report({
    what: 'reloads of the proxy meanwhile',
    value: (await reloads(world)) - before,
    unit: '',
    goal: 20,
  });
  report({ what: 'memory of the program, at most', value: memory, unit: 'MB', goal: 110 });
  const cpuBefore = program.cpuSeconds();
  const later = await oneAfterTheOther(world, 'later');
  const cpuMs = ((program.cpuSeconds() - cpuBefore) / SINGLE) * 1_000;
  report({ what: `one certificate while ${SERVICES} are there`, value: later, unit: 's', goal: 3 });
  report({ what: '  processor time of the program for it', value: cpuMs, unit: 'ms' });
} finally {
  await program.stop();
  await proxy.stop();
  await pebble.stop();
}
