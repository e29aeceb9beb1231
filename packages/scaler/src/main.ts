import {
  connectDocker,
  createHttpApp,
  createHttpClient,
  createLogger,
  createMetrics,
  httpServer,
  messageOf,
  parseDockerEndpoint,
  runActors,
  stopSignal,
} from '@docker-flow/daemon';
import { createAlertmanager } from './adapters/alertmanager.js';
import { createDockerSwarm } from './adapters/docker.js';
import { readConfig, type Config } from './config.js';
import { createAccess } from './http-access.js';
import { createKeyedQueue } from './keyed-queue.js';
import { createScalerMetrics } from './metrics.js';
import { answerRescheduleService, answerRescheduleServices } from './reschedule-endpoint.js';
import { addRoutes } from './routes.js';
import type { ScaleServiceParts } from './scale-service.js';
import { answerJob, answerScaleService } from './service-endpoint.js';
import { createState } from './state.js';

const program = 'scaler';

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

const endpoint = parseDockerEndpoint(config.dockerHost, process.env);
const connection = connectDocker(endpoint, { timeoutMs: 20_000 });
const { docker, description } = connection;
const swarm = createDockerSwarm({ docker, description, onError: (call) => metrics.dockerError(call) });
const http = createHttpClient({ timeoutMs: 5_000, userAgent: 'docker-flow-scaler' });
const alertmanager = createAlertmanager({
  addresses: config.alerts.addresses,
  lifeMs: config.alerts.lifeMs,
  http,
  logger,
  now,
  onSent: (ok) => metrics.alert(ok),
});
const state = createState({ limits: config.activityLimits, groupWindowMs: config.scaling.groupWindowMs });
const queue = createKeyedQueue();
const parts: ScaleServiceParts = {
  swarm,
  state,
  queue,
  config: config.scaling,
  logger,
  now,
};
const rescheduleParts = { swarm, queue, config: config.reschedule, now };
const telling = {
  alerts: alertmanager,
  messages: { send: () => undefined },
  state,
  metrics,
  logger,
  config: config.alerts,
  now,
};

logger.info(
  config.alerts.addresses.length > 0
    ? `Using alertmanager at: ${config.alerts.addresses.join(', ')}`
    : 'Using a stubbed alertmanager',
);
logger.info('Starting Docker Scaler');

const app = createHttpApp({
  logger,
  registry,
  routes: (own) =>
    addRoutes(own, {
      prefix: config.prefix,
      access: createAccess(config.access),
      endpoints: {
        scaleService: (request) => answerScaleService(request, parts, telling),
        scaleNodes: undefined,
        rescheduleServices: (request) => answerRescheduleServices(request, rescheduleParts, telling),
        rescheduleService: (request, service) =>
          answerRescheduleService(request, service, rescheduleParts, telling),
        job: (request) => answerJob(request, parts, telling),
      },
      onRequest: (name, result) => metrics.request(name, result),
      readRoutes: () => undefined,
    }),
});

void connection.negotiate().catch((error: unknown) => {
  logger.warn('Docker does not answer yet', { endpoint: description, reason: messageOf(error) });
});

process.exit(
  await runActors(
    [
      httpServer(app, config.listen, (bound) =>
        logger.info('Listening', { host: bound.host, port: bound.port }),
      ),
      alertmanager.actor,
    ],
    { logger, stop },
  ),
);
