import { fileURLToPath } from 'node:url';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { messageOf } from '@docker-flow/daemon/errors';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { httpServer } from '@docker-flow/daemon/http/server';
import { createLogger } from '@docker-flow/daemon/log/logger';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { runActors, stopSignal, type Actor } from '@docker-flow/daemon/process/lifecycle';
import { connectDocker } from '@docker-flow/docker/connection';
import { createAlertmanager } from './adapters/alertmanager.js';
import { createDockerSwarm } from './adapters/docker.js';
import { createSlack } from './adapters/slack.js';
import { createStateFile, loadState, type StateFile } from './state/state-file.js';
import { readConfig, type Config } from './config/config.js';
import { createConvergence } from './report/convergence.js';
import { createAccess } from './api/authentication.js';
import { createKeyedQueue } from './services/serial-by-key.js';
import { createLive } from './api/event-stream.js';
import { createScalerMetrics } from './metrics.js';
import { createMinimumEnforcer } from './enforce/enforce-minimum.js';
import { createNodeBackend } from './nodes/node-backend.js';
import { createNodeWaiter } from './nodes/wait-for-nodes.js';
import { answerScaleNodes } from './api/nodes-endpoint.js';
import type { NodeBackend } from './ports.js';
import { addPageRoutes, loadPageFiles } from './api/page-routes.js';
import { addReadRoutes, showActivity } from './api/read-routes.js';
import { createReadiness } from './api/readiness.js';
import { tellLook } from './report/report-restore.js';
import type { Telling } from './report/report.js';
import { rescheduleServices } from './reschedule/reschedule-services.js';
import { answerRescheduleService, answerRescheduleServices } from './api/reschedule-endpoint.js';
import { createJudging, createRestoreFirst, type RestoreParts } from './restore/restore-service.js';
import { addRoutes, literalPath, onlyGet } from './api/routes.js';
import type { ScaleServiceParts } from './services/scale-service.js';
import { createServiceList } from './services/service-list.js';
import { answerJob, answerScaleService } from './api/service-endpoint.js';
import { createState } from './services/state.js';
import { createWatch } from './restore/watch-services.js';

const program = 'scaler';
/** Requests, the last alerts and messages, and the state must fit into Docker's 10 seconds. */
const GRACE_MS = 6_000;
const LAST_SENDS_MS = 2_000;
const LAST_WRITE_MS = 1_000;

function configOrEnd(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    createLogger({ program }).error('The configuration cannot be read', { reason: messageOf(error) });
    process.exit(1);
  }
}

const config = configOrEnd();
const logger = createLogger({ program, level: config.logLevel, secrets: config.secrets });
const registry = createMetrics({ program, version: '0.1.0' });
const metrics = createScalerMetrics(registry);
const now = () => Date.now();
const stop = stopSignal();

const connection = connectDocker(config.docker, { timeoutMs: 20_000 });
const { docker, description } = connection;
const swarm = createDockerSwarm({ docker, description, onError: (call) => metrics.dockerError(call) });
const queue = createKeyedQueue();

const http = createHttpClient({ timeoutMs: 5_000, userAgent: 'docker-flow-scaler' });
const { lifeMs, addresses } = config.alerts;
const alerts = createAlertmanager({
  addresses,
  lifeMs,
  http,
  logger,
  now,
  onSent: (ok) => metrics.alert(ok),
});
const messages = createSlack({
  webhookUrl: config.slackWebhookUrl,
  http,
  logger,
  onSent: (ok) => metrics.message(ok),
});

const live = createLive();
let stateFile: StateFile | undefined;
const state = createState({
  initial: config.stateFile === undefined ? undefined : await loadState(config.stateFile, logger),
  limits: config.activityLimits,
  groupWindowMs: config.scaling.groupWindowMs,
  onChange: () => stateFile?.changed(),
  onActivity: (activity) => live.send('activity', showActivity(activity)),
});
if (config.stateFile !== undefined) {
  stateFile = createStateFile(config.stateFile, () => state.snapshot(), logger);
}

const list = createServiceList({ swarm, state, metrics, config: config.scaling, now });
list.onRefresh(() => live.send('services', { atMs: now(), services: list.views() }));
list.onFailure((reason) => live.send('trouble', { reason }));
const convergence = createConvergence(list, state, now);
const telling: Telling = {
  alerts,
  messages,
  state,
  metrics,
  logger,
  config: config.alerts,
  now,
  onChanged(change) {
    convergence.follow(change);
    watch.soon();
  },
};
const restoring: RestoreParts = {
  swarm,
  state,
  queue,
  config: config.scaling,
  judging: createJudging(),
  now,
};
const scaling: ScaleServiceParts = {
  swarm,
  state,
  queue,
  config: config.scaling,
  logger,
  now,
  restoreFirst: createRestoreFirst(restoring, (result) => tellLook(result, telling)),
  pause: (ms) => sleep(ms),
};
const rescheduling = { swarm, queue, config: config.reschedule, now };
const watch = createWatch({
  swarm,
  state,
  restore: restoring,
  list,
  logger,
  intervalMs: config.sampleIntervalMs,
  isBusy: () => live.isWatched() || convergence.isPending(),
  onLook: (result) => tellLook(result, telling),
});
const waiter = createNodeWaiter({
  swarm,
  alerts,
  config: config.reschedule,
  reschedule: (atMs) => rescheduleServices(atMs, rescheduling, false),
  logger,
  now,
  onPending: (isPending) => metrics.waitPending(isPending),
});

async function nodeBackendOrNone(): Promise<NodeBackend | undefined> {
  try {
    return await createNodeBackend({
      config: config.nodes,
      environment: process.env,
      setVariables: (variables) => Object.assign(process.env, variables),
      onError: (call) => metrics.awsError(call),
    });
  } catch (error) {
    logger.error('Node scaling is off', { reason: messageOf(error) });
    return undefined;
  }
}

logger.info(
  addresses.length > 0 ? `Using alertmanager at: ${addresses.join(', ')}` : 'Using a stubbed alertmanager',
);
const backend = await nodeBackendOrNone();
logger.info(
  backend ? `Using node-scaling backend: ${backend.name}` : 'No cloud provider for node scaling configured',
);
if (stateFile === undefined) {
  logger.info('Activities are kept in memory only: SCALER_STATE_FILE names no file');
}
logger.info('Starting Docker Scaler');

const pageFiles = loadPageFiles(fileURLToPath(new URL('../page', import.meta.url)));
const readiness = createReadiness(swarm, now);
const startedAt = new Date(now()).toISOString();
const app = createHttpApp({
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
        rescheduleService: (request, service) =>
          answerRescheduleService(request, service, rescheduling, telling),
        job: (request) => answerJob(request, scaling, telling),
      },
      notReady: readiness,
      onRequest: (endpoint, result) => metrics.request(endpoint, result),
      readRoutes(target, base) {
        addReadRoutes(target, base, {
          state,
          list,
          notReady: readiness,
          status: () => ({
            startedAt,
            nodeBackend: backend?.name,
            pendingWait: waiter.pending(),
            alertmanager: addresses,
            slack: config.slackWebhookUrl !== undefined,
            isProtected: config.access.token !== undefined || config.access.basic !== undefined,
          }),
        });
        addPageRoutes(target, base, pageFiles);
        target.all(`${literalPath(base)}/v1/events`, onlyGet, (request, response) =>
          live.connect(request, response),
        );
      },
    }),
});

void connection.negotiate().catch((error: unknown) => {
  logger.warn('Docker does not answer yet', { endpoint: description, reason: messageOf(error) });
});

const closeLive: Actor = {
  name: 'live',
  run: (signal) =>
    new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    }).then(() => live.close()),
};
const status = await runActors(
  [
    httpServer(app, config.listen, (bound) =>
      logger.info('Listening', { host: bound.host, port: bound.port }),
    ),
    watch.actor,
    waiter.actor,
    closeLive,
    ...(config.scaling.enforceMinIntervalMs > 0 ? [createMinimumEnforcer(list, scaling, telling)] : []),
  ],
  { logger, stop, graceMs: GRACE_MS },
);
await Promise.race([Promise.all([alerts.idle(), messages.idle()]), sleep(LAST_SENDS_MS)]);
await stateFile?.flush(LAST_WRITE_MS);
process.exit(status);
