import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/** A registry with the process's own metrics and `docker_flow_build_info{program,version}`. */
export function createMetrics({ program, version }: { program: string; version: string }): Registry {
  const registry = new Registry();
  // The event loop's delay is sampled by a timer: every 10 ms, the default, takes half a percent of a core.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 200 });
  new Gauge({
    name: 'docker_flow_build_info',
    help: 'Version of the program; always 1',
    labelNames: ['program', 'version'],
    registers: [registry],
  }).set({ program, version }, 1);
  return registry;
}
