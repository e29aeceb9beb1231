import { silentLogger } from '@docker-flow/daemon/log/logger';
import { Registry } from 'prom-client';
import type { Express } from 'express';
import { readConfig, type Config } from '../config/config.js';
import type { Alert } from '../core/alert.js';
import { createScalerMetrics } from '../metrics.js';
import type { MetricsServer, NodeBackend, Swarm } from '../ports.js';
import { createProgram, type Program } from '../program.js';
import { createState, type State, type StateSnapshot } from '../state/state.js';
import { createFakeSwarm, type FakeSwarm } from './swarm.fake.js';

export interface World extends Pick<
  Program,
  'list' | 'reporters' | 'scaling' | 'check' | 'actors' | 'autoscaler'
> {
  readonly swarm: FakeSwarm;
  readonly state: State;
  readonly alerts: Alert[];
  readonly messages: string[];
  /** Made when asked for: most tests do without HTTP. */
  readonly app: () => Express;
  readonly config: Config;
  /** The clock stands still unless moved. */
  readonly clock: { nowMs: number };
  /** Ends a wait for nodes. */
  readonly stop: () => Promise<unknown>;
}

export interface WorldOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly swarm?: FakeSwarm;
  /** Instead of the Swarm in memory. */
  readonly docker?: Swarm;
  readonly clock?: { nowMs: number };
  /** What an earlier run left. */
  readonly snapshot?: StateSnapshot;
  readonly backend?: NodeBackend;
  readonly metricsServer?: MetricsServer;
}

const DEFAULT_CONFIG = readConfig({});

/** The program without its process: real parts over a Swarm in memory, alerts and messages in lists. */
export function createWorld(options: WorldOptions = {}): World {
  const clock = options.clock ?? { nowMs: Date.UTC(2026, 0, 1) };
  const now = () => clock.nowMs;
  const swarm = options.swarm ?? createFakeSwarm(now);
  const config = options.environment === undefined ? DEFAULT_CONFIG : readConfig(options.environment);
  const alerts: Alert[] = [];
  const messages: string[] = [];
  const registry = new Registry();
  const state = createState({ limits: config.activityLimits });
  if (options.snapshot) state.restore(options.snapshot);
  const program = createProgram(config, {
    neighbours: {
      swarm: options.docker ?? swarm,
      alerts: { send: (alert) => void alerts.push(alert) },
      messages: { send: (text) => void messages.push(text) },
      nodeBackend: options.backend,
      metricsServer: options.metricsServer,
      idle: () => Promise.resolve(),
    },
    registry,
    metrics: createScalerMetrics(registry),
    logger: silentLogger(),
    now,
    state,
    pause: () => Promise.resolve(),
  });
  const waiter = program.actors.find(({ name }) => name === 'node-wait');
  return {
    ...program,
    swarm,
    state,
    alerts,
    messages,
    app: program.createApp,
    config,
    clock,
    stop: async () => waiter?.run(AbortSignal.abort()),
  };
}
