import { readFile } from 'node:fs/promises';
import { messageOf } from '@docker-flow/daemon/errors';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { connectDocker } from '@docker-flow/docker/connection';
import { createAlertmanager } from './adapters/alertmanager.js';
import { createDockerSwarm } from './adapters/docker.js';
import { createSlack } from './adapters/slack.js';
import type { Config } from './config/config.js';
import type { ScalerMetrics } from './metrics.js';
import { createNodeBackend } from './adapters/node-backend.js';
import { createPrometheus } from './adapters/prometheus.js';
import type { AlertSink, MessageSink, MetricsServer, NodeBackend, Swarm } from './ports.js';

/** Whom the program talks to. */
export interface Neighbours {
  readonly swarm: Swarm;
  readonly alerts: AlertSink;
  readonly messages: MessageSink;
  /** Absent: nothing can be scaled on targets. */
  readonly metricsServer: MetricsServer | undefined;
  /** Absent: there is no node scaling. */
  readonly nodeBackend: NodeBackend | undefined;
  /** Resolves when everything that was to be sent is sent or given up. */
  readonly idle: () => Promise<void>;
}

export interface NeighboursDeps {
  /** The AWS SDK reads its variables from here by itself; those of the AWS file are added. */
  readonly environment: NodeJS.ProcessEnv;
  readonly metrics: ScalerMetrics;
  readonly logger: Logger;
  readonly now: () => number;
}

/** A manager without quorum hangs for 20 s before it says so. */
const DOCKER_LIMITS = { silenceMs: 25_000, answerMs: 60_000 };
const HTTP_TIMEOUT_MS = 5_000;
const LONGEST_RESULT_BYTES = 64 * 1024 * 1024;

/** Makes the clients of everything the configuration names. None of them need answer yet. */
export async function createNeighbours(config: Config, deps: NeighboursDeps): Promise<Neighbours> {
  const { metrics, logger, now } = deps;
  const connection = connectDocker(config.docker, DOCKER_LIMITS);
  const http = createHttpClient({ timeoutMs: HTTP_TIMEOUT_MS, userAgent: 'docker-flow-scaler' });
  const { addresses, lifeMs } = config.alerts;
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
  logger.info(
    addresses.length > 0 ? `Using alertmanager at: ${addresses.join(', ')}` : 'Using a stubbed alertmanager',
  );
  return {
    swarm: createDockerSwarm({ connection, onError: (call) => metrics.dockerError(call) }),
    alerts,
    messages,
    metricsServer: await metricsServerOrNone(config),
    nodeBackend: await nodeBackendOrNone(config, deps),
    async idle() {
      await Promise.all([alerts.idle(), messages.idle()]);
    },
  };
}

/** Prometheus with what it is asked with. The answer about thousands of tasks is long. */
async function metricsServerOrNone({
  autoscaling: { prometheusUrl, authorization, caFile, intervalMs },
}: Config): Promise<MetricsServer | undefined> {
  if (prometheusUrl === undefined) return undefined;
  const http = createHttpClient({
    timeoutMs: intervalMs,
    maxResponseBytes: LONGEST_RESULT_BYTES,
    userAgent: 'docker-flow-scaler',
    ...(caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') }),
  });
  return createPrometheus({ address: prometheusUrl, http, authorization });
}

/** A backend that cannot be set up ends node scaling, not the program. */
async function nodeBackendOrNone(
  config: Config,
  { environment, metrics, logger }: NeighboursDeps,
): Promise<NodeBackend | undefined> {
  let backend: NodeBackend | undefined;
  try {
    backend = await createNodeBackend({
      config: config.nodes,
      environment,
      setVariables: (variables) => Object.assign(environment, variables),
      onError: (call) => metrics.awsError(call),
    });
  } catch (error) {
    logger.error('Node scaling is off', { reason: messageOf(error) });
  }
  logger.info(
    backend ? `Using node-scaling backend: ${backend.name}` : 'No cloud provider for node scaling configured',
  );
  return backend;
}
