import { createHttpApp, silentLogger } from '@docker-flow/daemon';
import { Registry } from 'prom-client';
import type { Express } from 'express';
import { readConfig, type Config } from './config.js';
import type { Alert } from './core/alert.js';
import { createAccess } from './http-access.js';
import { createKeyedQueue } from './keyed-queue.js';
import { createScalerMetrics } from './metrics.js';
import { createNodeWaiter } from './node-wait.js';
import { answerScaleNodes } from './nodes-endpoint.js';
import type { NodeBackend } from './ports.js';
import { addReadRoutes } from './read-routes.js';
import { createReadiness } from './readiness.js';
import type { Telling } from './report.js';
import { rescheduleServices } from './reschedule.js';
import { answerRescheduleService, answerRescheduleServices } from './reschedule-endpoint.js';
import { addRoutes } from './routes.js';
import type { ScaleServiceParts } from './scale-service.js';
import { answerJob, answerScaleService } from './service-endpoint.js';
import { createServiceList } from './service-list.js';
import { createState, type State, type StateSnapshot } from './state.js';
import { createFakeSwarm, type FakeSwarm } from './swarm.fake.js';

export interface World {
  readonly swarm: FakeSwarm;
  readonly state: State;
  readonly alerts: Alert[];
  readonly messages: string[];
  readonly scaling: ScaleServiceParts;
  readonly telling: Telling;
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
  readonly clock?: { nowMs: number };
  /** What an earlier run left. */
  readonly snapshot?: StateSnapshot;
  readonly backend?: NodeBackend;
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
  const logger = silentLogger();
  const queue = createKeyedQueue();
  const registry = new Registry();
  const metrics = createScalerMetrics(registry);
  const state = createState({
    initial: options.snapshot,
    limits: config.activityLimits,
    groupWindowMs: config.scaling.groupWindowMs,
  });
  const scaling: ScaleServiceParts = {
    swarm,
    state,
    queue,
    config: config.scaling,
    logger,
    now,
    restoreFirst: () => Promise.resolve(false),
    pause: () => Promise.resolve(),
  };
  const telling: Telling = {
    alerts: { send: (alert) => void alerts.push(alert) },
    messages: { send: (text) => void messages.push(text) },
    state,
    metrics,
    logger,
    config: config.alerts,
    now,
    onChanged: () => undefined,
  };
  const rescheduling = { swarm, queue, config: config.reschedule, now };
  const waiter = createNodeWaiter({
    swarm,
    alerts: telling.alerts,
    config: config.reschedule,
    reschedule: (atMs) => rescheduleServices(atMs, rescheduling, false),
    logger,
    now: () => Date.now(),
    onPending: (isPending) => metrics.waitPending(isPending),
  });
  const list = createServiceList({ swarm, state, metrics, config: config.scaling, now });
  const { backend } = options;
  const app = () =>
    createHttpApp({
      logger,
      registry,
      routes: (own) =>
        addRoutes(own, {
          prefix: config.prefix,
          access: createAccess(config.access),
          endpoints: {
            scaleService: (request) => answerScaleService(request, scaling, telling),
            scaleNodes: backend
              ? (request) =>
                  answerScaleNodes(request, {
                    scaling: { swarm, backend, queue, config: config.nodes, logger },
                    waiter,
                    telling,
                    groupWindowMs: config.scaling.groupWindowMs,
                  })
              : undefined,
            rescheduleServices: (request) => answerRescheduleServices(request, rescheduling, telling),
            rescheduleService: (request, name) =>
              answerRescheduleService(request, name, rescheduling, telling),
            job: (request) => answerJob(request, scaling, telling),
          },
          notReady: createReadiness(swarm, now),
          onRequest: (endpoint, result) => metrics.request(endpoint, result),
          readRoutes: (target, base) =>
            addReadRoutes(target, base, {
              state,
              list,
              status: () => ({}),
              notReady: createReadiness(swarm, now),
            }),
        }),
    });
  const stop = () => waiter.actor.run(AbortSignal.abort());
  return { swarm, state, alerts, messages, scaling, telling, app, config, clock, stop };
}
