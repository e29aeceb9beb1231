import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/** A registry with the process's own metrics and `docker_flow_build_info{program,version}`. */
export function createMetrics({ program, version }: { program: string; version: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'docker_flow_build_info',
    help: 'Version of the program; always 1',
    labelNames: ['program', 'version'],
    registers: [registry],
  }).set({ program, version }, 1);
  return registry;
}
