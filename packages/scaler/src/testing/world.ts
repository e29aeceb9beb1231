import { createHttpApp } from '@docker-flow/daemon/http/app';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import { Registry } from 'prom-client';
import type { Express } from 'express';
import { readConfig, type Config } from '../config/config.js';
import type { Alert } from '../core/alert.js';
import { createAccess } from '../api/authentication.js';
import { createKeyedQueue } from '../services/serial-by-key.js';
import { createScalerMetrics } from '../metrics.js';
import { createNodeWaiter } from '../nodes/wait-for-nodes.js';
import { answerScaleNodes } from '../api/nodes-endpoint.js';
import type { NodeBackend } from '../ports.js';
import { addReadRoutes } from '../api/read-routes.js';
import { createReadiness } from '../api/readiness.js';
import type { Telling } from '../report/report.js';
import { rescheduleServices } from '../reschedule/reschedule-services.js';
import { answerRescheduleService, answerRescheduleServices } from '../api/reschedule-endpoint.js';
import { addRoutes } from '../api/routes.js';
import type { ScaleServiceParts } from '../services/scale-service.js';
import { answerJob, answerScaleService } from '../api/service-endpoint.js';
import { createServiceList } from '../services/service-list.js';
import { createState, type State, type StateSnapshot } from '../services/state.js';
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
