import { fileURLToPath } from 'node:url';
import type { Express } from 'express';
import type { Registry } from 'prom-client';
import { createAutoResetEvent } from '@docker-flow/daemon/concurrency/auto-reset-event';
import { createSerialQueue } from '@docker-flow/daemon/concurrency/serial-queue';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createEventStream } from '@docker-flow/daemon/http/event-stream';
import { httpServer } from '@docker-flow/daemon/http/server';
import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { showActivity } from './api/activities.js';
import { createAccess } from './api/authentication.js';
import { addPage, loadPageFiles } from './api/page.js';
import { createReadiness } from './api/readiness.js';
import { handleRescheduleService, handleRescheduleServices } from './api/reschedule-endpoint.js';
import { addRoutes } from './api/routes.js';
import { handleScaleNodes } from './api/scale-nodes-endpoint.js';
import { handleJob, handleScaleService } from './api/scale-service-endpoint.js';
import { createAutoscaler, type Autoscaler } from './autoscale/autoscaler.js';
import type { Config } from './config/config.js';
import { createMinimumEnforcer } from './enforce/enforce-minimum.js';
import type { ScalerMetrics } from './metrics.js';
import type { Neighbours } from './neighbours.js';
import { createNodeWaiter } from './nodes/wait-for-nodes.js';
import { createConvergence } from './report/convergence.js';
import { reportRestore } from './report/report-restore.js';
import { reportUnplaced } from './report/report-unplaced.js';
import type { Reporters } from './report/reporters.js';
import { createToldFailures } from './report/told-failures.js';
import { rescheduleServices } from './reschedule/reschedule-services.js';
import { checkForReset, type CheckDeps, type ResetCheck } from './restore/check-for-reset.js';
import { createResetDetection } from './restore/reset-detection.js';
import { createRestoreFirst } from './restore/restore-service.js';
import { watchServices } from './restore/watch-services.js';
import type { ScaleServiceDeps } from './services/scale-service.js';
import { createIssueLog } from './services/issue-log.js';
import { createServiceDetails } from './services/service-details.js';
import { createServiceList, type ServiceList } from './services/service-list.js';
import type { State } from './state/state.js';

export interface ProgramDeps {
  readonly neighbours: Neighbours;
  readonly registry: Registry;
  readonly metrics: ScalerMetrics;
  readonly logger: Logger;
  /** Milliseconds of the clock on the wall. */
  readonly now: () => number;
  readonly state: State;
  readonly onListening?: (bound: ListenAddress) => void;
  /** Pauses between attempts to write a service that others write too. */
  readonly pause?: (ms: number) => Promise<void>;
}

/** The parts put together, and what its tests look into. */
export interface Program {
  readonly actors: readonly Actor[];
  /** The HTTP application; made when asked for. */
  readonly createApp: () => Express;
  readonly list: ServiceList;
  readonly reporters: Reporters;
  readonly scaling: ScaleServiceDeps;
  readonly autoscaler: Autoscaler;
  /** Checks a service after somebody else may have changed it. */
  readonly check: (id: string) => Promise<ResetCheck>;
}

/** Puts all parts together. Nothing runs before the actors do. */
export function createProgram(config: Config, deps: ProgramDeps): Program {
  const { neighbours, state, registry, metrics, logger, now, pause = sleep } = deps;
  const { swarm, alerts, messages, nodeBackend } = neighbours;
  const queue = createSerialQueue();
  const issues = createIssueLog({ logger, metrics });
  const list = createServiceList({
    swarm,
    state,
    metrics,
    config: config.scaling,
    issues,
    targetOf: (id) => autoscaler.viewOf(id),
    now,
  });
  const events = createEventStream();
  state.onActivity((activity) => events.send({ event: 'activity', data: showActivity(activity) }));
  list.onRefresh(() => events.send({ event: 'services', data: { atMs: now(), services: list.views() } }));
  list.onFailure((reason) => events.send({ event: 'trouble', data: { reason } }));

  const convergence = createConvergence({
    list,
    state,
    now,
    onSlow: (change, id) => void reportUnplaced(change, id, swarm, reporters),
  });
  const listSoon = createAutoResetEvent();
  const reporters: Reporters = {
    alerts,
    messages,
    state,
    metrics,
    logger,
    config: config.alerts,
    now,
    toldFailures: createToldFailures(now),
    onChanged(change) {
      convergence.follow(change);
      listSoon.set();
    },
  };

  const detection = createResetDetection({ swarm, state, now });
  const restoring: CheckDeps = { swarm, state, queue, config: config.scaling, detection, now };
  const check = (id: string) => checkForReset(id, restoring);
  const scaling: ScaleServiceDeps = {
    swarm,
    state,
    queue,
    config: config.scaling,
    logger,
    now,
    restoreFirst: createRestoreFirst(restoring, (result) => reportRestore(result, reporters)),
    pause,
  };
  const autoscaler: Autoscaler = createAutoscaler(
    { intervalMs: config.autoscaling.intervalMs },
    { swarm, list, metricsServer: neighbours.metricsServer, changing: scaling, reporters, now },
  );
  const rescheduling = { swarm, queue, config: config.reschedule, now };
  const waiter = createNodeWaiter({
    swarm,
    alerts,
    config: config.reschedule,
    reschedule: (atMs) => rescheduleServices(atMs, rescheduling, false),
    logger,
    now,
    onPending: (isPending) => metrics.waitPending(isPending),
  });
  const watch = watchServices(
    { intervalMs: config.sampleIntervalMs },
    {
      swarm,
      state,
      list,
      check,
      onCheck: (result) => reportRestore(result, reporters),
      listSoon,
      isBusy: () => events.size() > 0 || convergence.isPending(),
      logger,
    },
  );

  const startedAt = new Date(now()).toISOString();
  function createApp(): Express {
    return createHttpApp({
      logger,
      registry,
      routes(app) {
        addRoutes(
          app,
          { prefix: config.prefix },
          {
            access: createAccess(config.access),
            endpoints: {
              scaleService: (request) => handleScaleService(request, { scaling, reporters }),
              scaleNodes:
                nodeBackend &&
                ((request) =>
                  handleScaleNodes(request, {
                    scaling: { swarm, backend: nodeBackend, queue, config: config.nodes, logger },
                    waiter,
                    reporters,
                    groupWindowMs: config.scaling.groupWindowMs,
                  })),
              rescheduleServices: (request) => handleRescheduleServices(request, { rescheduling, reporters }),
              rescheduleService: (request, service) =>
                handleRescheduleService(request, service, { rescheduling, reporters }),
              job: (request) => handleJob(request, { scaling, reporters }),
            },
            state,
            list,
            details: createServiceDetails({ swarm, list, now }),
            events,
            status: () => ({
              startedAt,
              nodeBackend: nodeBackend?.name,
              pendingWait: waiter.pending(),
              alertmanager: config.alerts.addresses,
              slack: config.slackWebhookUrl !== undefined,
              autoscaler: autoscaler.status(),
              dashboard: config.dashboardUrl,
              isProtected: config.access.token !== undefined || config.access.basic !== undefined,
            }),
            notReady: createReadiness(swarm, now),
            onRequest: (endpoint, result) => metrics.request(endpoint, result),
          },
        );
        const files = loadPageFiles(fileURLToPath(new URL('../page', import.meta.url)));
        for (const base of new Set(['', config.prefix])) addPage(app, base, files);
      },
    });
  }

  const http: Actor = {
    name: 'http',
    run: (signal) =>
      httpServer(createApp(), config.listen, (bound) => {
        logger.info('Listening', { host: bound.host, port: bound.port });
        deps.onListening?.(bound);
      }).run(signal),
  };
  const minimum =
    config.scaling.enforceMinIntervalMs > 0 ? [createMinimumEnforcer({ list, scaling, reporters })] : [];
  return {
    actors: [http, watch, waiter.actor, events.actor, autoscaler.actor, ...minimum],
    createApp,
    list,
    reporters,
    scaling,
    check,
    autoscaler,
  };
}
