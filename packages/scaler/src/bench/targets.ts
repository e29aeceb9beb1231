import { setTimeout as pause } from 'node:timers/promises';
import { percentile, type Figure } from '@docker-flow/testkit';
import { startScaler, type ScalerProcess } from './scaler-process.js';
import { SCRAPE_MS, startSimulatedSwarm } from './simulated-swarm.js';

const SERVICES = 1_000;
const SIZES = [10, 100, SERVICES, 3_000];
const WARM_UP_MS = 15_000;
const MEASURED_SECONDS = 40;
const LOOP_SECONDS = 5;
const STEPS = 10;

/** The memory where webhooks alone change counts. */
export async function measureMemory(): Promise<readonly Figure[]> {
  const swarm = await startSimulatedSwarm({ services: SERVICES, tasksPerService: 10, hasTargets: false });
  const scaler = await startScaler({ DOCKER_HOST: swarm.dockerHost });
  try {
    const value = await mostMemory(scaler);
    return [
      { what: `${SERVICES} services without targets, memory (RSS), most`, value, unit: 'MB', goal: 100 },
    ];
  } finally {
    await scaler.stop();
    swarm.stop();
  }
}

async function mostMemory(scaler: ScalerProcess): Promise<number> {
  let most = 0;
  for (let second = 0; second < MEASURED_SECONDS; second += 1) {
    await pause(1_000);
    most = Math.max(most, scaler.rssMegabytes());
  }
  return most;
}

/**
 * Scaling on targets over a simulated Docker and a simulated Prometheus: services with 10 tasks each at a loop of
 * 5 s (processor, memory, queries), and the way from a step of load to the written spec. Goals are for 1,000 services.
 */
export async function measureTargets(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const services of SIZES) figures.push(...(await measure(services)));
  return figures;
}

async function measure(services: number): Promise<readonly Figure[]> {
  const swarm = await startSimulatedSwarm({ services, tasksPerService: 10, hasTargets: true });
  const scaler = await startScaler({ DOCKER_HOST: swarm.dockerHost, PROMETHEUS_URL: swarm.prometheusUrl });
  try {
    await pause(WARM_UP_MS);
    swarm.forgetQueries();
    const cpuBefore = scaler.cpuSeconds();
    const memory = await mostMemory(scaler);
    const cpu = (scaler.cpuSeconds() - cpuBefore) / MEASURED_SECONDS;
    const queries = swarm.queries() / (MEASURED_SECONDS / LOOP_SECONDS);
    const times: number[] = [];
    for (let i = 0; i < STEPS; i += 1) {
      await pause(Math.random() * SCRAPE_MS);
      const begunAt = performance.now();
      await swarm.stepOfLoad(i);
      times.push((performance.now() - begunAt) / 1_000);
    }
    const mean = times.reduce((sum, one) => sum + one, 0) / times.length;
    const goal = (most: number) => (services === SERVICES ? { goal: most } : {});
    return [
      {
        what: `${services} services at a loop of 5 s, share of a core`,
        value: cpu,
        unit: '',
        ...goal(0.5),
      },
      { what: '  memory (RSS), most', value: memory, unit: 'MB', ...goal(130) },
      { what: '  queries per look', value: queries, unit: '', ...goal(1.2) },
      { what: '  step of load → spec written, mean', value: mean, unit: 's', ...goal(5), original: 27.5 },
      { what: '  worst', value: percentile(times, 1), unit: 's', ...goal(10), original: 55 },
    ];
  } finally {
    await scaler.stop();
    swarm.stop();
  }
}
