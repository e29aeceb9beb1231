// cluster: none
// images: none
//
// Hours of changes, and whether anything grows: the built programs with real HAProxy and Prometheus beside a Docker
// Engine in memory, because a real Swarm of this many services would need more memory than most machines have. Writes
// samples and a picture. Options by variable; `pnpm soak` sets them.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startFakeDockerEngine, type ServiceSpec } from '@docker-flow/testkit';
import { createRandom } from '../chaos/random.js';
import { startLoop } from '../harness/programs/loop-processes.js';
import { freePort } from '../harness/programs/program-process.js';
import { createPrometheusApi } from '../harness/prometheus/prometheus-api.js';
import { startSteadyTraffic } from '../harness/steady-traffic.js';
import { until } from '../harness/until.js';
import { afterChange, firstServices, nextChange, soakLabels, type SoakService } from './changing-services.js';
import { driftOf, seriesOf, type Sample, type SampledFigure } from './drift.js';
import { soakPicture } from './picture.js';
import { folderMegabytes, programFigures } from './sample-processes.js';

const hours = Number(process.env['SOAK_HOURS'] ?? 2);
const count = Number(process.env['SOAK_SERVICES'] ?? 500);
const everyMs = Number(process.env['SOAK_CHANGE_MS'] ?? 1_000);
const sampleMs = Number(process.env['SOAK_SAMPLE_MS'] ?? 30_000);
const seed = Number(process.env['SOAK_SEED'] ?? 1);
const folder = process.env['SOAK_FOLDER'] ?? 'soak';
const root = path.resolve(import.meta.dirname, '../../../..');

const began = performance.now();
const seconds = () => (performance.now() - began) / 1_000;
function say(line: string): void {
  process.stderr.write(`${seconds().toFixed(0).padStart(6)} s  ${line}\n`);
}

// The first process of a pid namespace is not ended by a signal that it does not handle.
const over = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    if (over.signal.aborted) process.exit(130);
    say('Ends and reports; once more ends at once');
    over.abort();
  });

const answering = createServer((_request, response) => response.end('yes\n'));
answering.listen(await freePort(), '127.0.0.1');
await once(answering, 'listening');
const { port } = answering.address() as { port: number };

const engine = await startFakeDockerEngine();
const specOf = (service: SoakService): ServiceSpec => ({
  Name: service.name,
  Labels: soakLabels(service, port),
  TaskTemplate: { ContainerSpec: { Image: 'demo' } },
  Mode: { Replicated: { Replicas: service.replicas } },
});
let services = firstServices(count);
for (const service of services.values()) engine.createService(specOf(service));
const loop = await startLoop({ root, dockerHost: engine.dockerHost });
const prometheus = createPrometheusApi(loop.addresses.prometheus);
try {
  await everybodyAgrees();
  say(`${count} services, one change each ${everyMs} ms, for ${hours} hours`);
  const traffic = startSteadyTraffic({
    url: `http://127.0.0.1:${loop.httpPort}/soak-0/`,
    keepAlive: true,
    clients: 2,
    pauseMs: 200,
  });
  const samples = await changeAndSample();
  const { sent, failed, failures } = await traffic.stop();
  await everybodyAgrees();
  await report(samples);
  say(`${sent} requests, ${failed} failed`);
  for (const failure of failures) say(`  ${failure}`);
  if (failed > 0) process.exitCode = 1;
} finally {
  await loop.stop();
  await engine.close();
  answering.close();
}

/** Changes until the time is over; a change that is late is not made up for. */
async function changeAndSample(): Promise<readonly Sample[]> {
  const random = createRandom(seed);
  const samples: Sample[] = [];
  const startedSeconds = seconds();
  let nextSample = 0;
  while (!over.signal.aborted && seconds() - startedSeconds < hours * 3_600) {
    const startedMs = performance.now();
    change(random);
    if (performance.now() >= nextSample) {
      nextSample = performance.now() + sampleMs;
      samples.push({ atSeconds: seconds() - startedSeconds, figures: await figuresNow() });
    }
    const restMs = Math.max(0, everyMs - (performance.now() - startedMs));
    await pause(restMs, undefined, { signal: over.signal }).catch(() => undefined);
  }
  samples.push({ atSeconds: seconds() - startedSeconds, figures: await figuresNow() });
  return samples;
}

function change(random: ReturnType<typeof createRandom>): void {
  const next = nextChange(services, count, random);
  const name = next.what === 'remove' ? next.name : next.service.name;
  // Traffic goes to this one: it is changed, but stays.
  if (next.what === 'remove' && name === 'soak-0') return;
  services = afterChange(services, next);
  if (next.what === 'create') engine.createService(specOf(next.service));
  else if (next.what === 'update') engine.updateService(name, specOf(next.service));
  else engine.removeService(name);
}

async function figuresNow(): Promise<readonly SampledFigure[]> {
  return [
    ...[...loop.pids].flatMap(([name, pid]) => programFigures(name, pid)),
    { name: 'files of all programs', unit: 'MB', value: folderMegabytes(loop.folder), mayGrow: true },
    ...(await countersOf('proxy', 'docker_flow_proxy_reloads_total')),
    ...(await countersOf('monitor', 'docker_flow_monitor_reloads_total')),
  ];
}

async function countersOf(program: 'proxy' | 'monitor', metric: string): Promise<readonly SampledFigure[]> {
  const text = await (await fetch(`${loop.addresses[program]}/metrics`)).text();
  const byResult = new Map<string, number>();
  for (const [, result = '', value] of text.matchAll(
    new RegExp(`^${metric}\\{[^}]*result="([^"]+)"[^}]*\\} ([0-9]+)$`, 'gm'),
  ))
    byResult.set(result, (byResult.get(result) ?? 0) + Number(value));
  return [...byResult].flatMap(([result, value]) =>
    value === 0 ? [] : [{ name: `${program}: changes, ${result}`, unit: 'changes', value, mayGrow: true }],
  );
}

/** Routes and rules are those of the services that are there, no more and no less. */
async function everybodyAgrees(): Promise<void> {
  await until(
    'routes and rules are those of the services',
    async () => {
      const status = (await (
        await fetch(`${loop.addresses.proxy}/v1/docker-flow-proxy/status`)
      ).json()) as ProxyStatus;
      const paths = status.services.flatMap(({ routes }) => routes.flatMap((route) => route.paths)).sort();
      const wanted = [...services.values()].flatMap((one) =>
        (soakLabels(one, port)['com.df.servicePath'] ?? '').split(','),
      );
      const rules = [...(await prometheus.alertRules())].sort();
      const wantedRules = [...services.keys()].map((name) => `${name.replaceAll('-', '')}_slow`).sort();
      const isEqual = paths.join() === wanted.sort().join() && rules.join() === wantedRules.join();
      return isEqual
        ? { done: true }
        : {
            notYet: `${paths.length} of ${wanted.length} paths, ${rules.length} of ${wantedRules.length} rules`,
          };
    },
    { timeoutMs: 10 * 60_000, everyMs: 2_000, onWait: say },
  );
}

interface ProxyStatus {
  readonly services: readonly { readonly routes: readonly { readonly paths: readonly string[] }[] }[];
}

async function report(samples: readonly Sample[]): Promise<void> {
  const all = seriesOf(samples);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'samples.json'), `${JSON.stringify(samples, undefined, 1)}\n`);
  const title = `${count} services, one change each ${(everyMs / 1_000).toFixed(1)} s, ${(hours * 60).toFixed(0)} minutes`;
  await writeFile(path.join(folder, 'soak.svg'), soakPicture(title, all));
  for (const { name, early, late, hasGrown } of all.map(driftOf)) {
    say(
      `${name.padEnd(40)} ${early.toFixed(1).padStart(8)} → ${late.toFixed(1).padStart(8)}${hasGrown ? '   HAS GROWN' : ''}`,
    );
    if (hasGrown) process.exitCode = 1;
  }
  say(`samples and picture are in ${folder}`);
}
