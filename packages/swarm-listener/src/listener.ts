import type { Express } from 'express';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import type { HttpClient } from '@docker-flow/daemon/http/client';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import { createLightHttpClient } from '@docker-flow/daemon/http/light-client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import { createDeliveryQueue } from './notify/delivery-queue.js';
import { watchHealth } from './docker/docker-health.js';
import { createDocker } from './docker/docker.js';
import { connectEngine } from '@docker-flow/docker/engine-http';
import { createNotifier } from './notify/notifier.js';
import { createStateFile } from './notify/state-file.js';
import type { Config } from './config/config.js';
import { createLedger, type Ledger } from './core/notifications/delivery-ledger.js';
import { createNodeModel } from './core/services/node-model.js';
import type { Receivers } from './core/notifications/receivers.js';
import { isExtraLabel } from './core/services/service-parameters.js';
import { createServiceModel } from './core/services/service-model.js';
import { createObservationOrder } from './watch/observation-order.js';
import { createListenerMetrics } from './metrics.js';
import { createNodeWatch } from './watch/watch-nodes.js';
import type { DeliveryQueue, Docker } from './ports.js';
import { judgeReadiness } from './api/readiness.js';
import { createRoutes } from './api/routes.js';
import { memoizeObservations } from './watch/task-snapshot.js';
import { createConvergingServices } from './watch/converging-services.js';
import { createSingleFlightCache } from './api/single-flight-cache.js';
import { shareTasks } from './api/shared-tasks.js';
import { createServiceSnapshots, snapshotNodes } from './api/snapshot.js';
import { createServiceWatch } from './watch/watch-services.js';
import { createDispatcher } from './notify/dispatcher.js';
import { createEventWatch, type EventWatch } from './watch/event-stream.js';

/**
 * For one whole answer of Docker; the longest lists take a second. Without quorum a manager refuses after 20 s only, and
 * a call that was under way when the leader went may hang while new ones are answered: better ask again sooner.
 */
const DOCKER_TIMEOUT_MS = 10_000;
/** Requests under way to one receiver. */
const MAX_PER_RECEIVER = 16;
/** How long notifications under way may take when the program ends. */
const DRAIN_MS = 2_500;
/** Answers of receivers are only shown in the log; what is longer is left unread. */
const MAX_SHOWN_BYTES = 64 * 1024;
const USER_AGENT = 'docker-flow-swarm-listener';
const LOCAL_STREAM_PAUSE_MS = 10_000;

export interface Listener {
  readonly app: Express;
  readonly actors: readonly Actor[];
  /** Resolves when the first look at everything was made, or has failed. */
  readonly firstTry: Promise<void>;
}

/** Puts all parts together. Nothing runs before the actors do. */
export function createListener(config: Config, logger: Logger, version: string): Listener {
  const registry = createMetrics({ program: 'swarm-listener', version });
  const { rules } = config;
  const { docker: engine, health } = watchHealth(
    createDocker({
      engine: connectEngine(config.docker),
      notifyLabel: config.notifyLabel,
      isKeptLabel: (label) => label === rules.notify.key || isExtraLabel(label, rules.extraPrefixes),
      timeoutMs: DOCKER_TIMEOUT_MS,
    }),
  );
  const nowMs = () => performance.now();
  const tasks = shareTasks(engine, nowMs);
  const { docker } = tasks;
  const model = createServiceModel(rules);
  const serviceLedger = createLedger(config.services);
  const nodeLedger = createLedger(config.nodes);
  const hasServiceReceivers = hasAny(config.services);
  const hasNodeReceivers = hasAny(config.nodes);
  const order = createObservationOrder();
  const http = createLightHttpClient({
    // Each request brings a limit of its own, and follows redirects as Go's client does.
    timeoutMs: config.requestTimeoutMs,
    hasProxy: config.hasProxy,
    maxResponseBytes: MAX_SHOWN_BYTES,
    longAnswers: 'cut',
    userAgent: USER_AGENT,
  });
  const metrics = createListenerMetrics(registry, {
    knownServices: () => serviceLedger.count(),
    waitingServices: () => model.waiting(),
    convergingServices: () => converging.size(),
  });
  const stateFile =
    config.stateFile === undefined
      ? undefined
      : createStateFile(
          config.stateFile,
          () => ({ services: [...serviceLedger.known()], nodes: [...nodeLedger.known()] }),
          logger,
        );
  const invalidate = () => {
    tasks.invalidate();
    serviceSnapshot.invalidate();
  };
  const onChange = () => {
    invalidate();
    stateFile?.touch();
  };
  const queueFor = (kind: 'service' | 'node', ledger: Ledger) =>
    createListenerQueue({ kind, ledger, config, http, metrics, logger, onChange });
  const serviceQueue = queueFor('service', serviceLedger);
  const nodeQueue = queueFor('node', nodeLedger);
  const dispatcher = createDispatcher({ ledger: serviceLedger, queue: serviceQueue, logger, onChange });
  const common = { docker, rules, model, dispatcher, order, logger, nowMs, metrics: () => metrics };
  const converging = createConvergingServices(common);
  const observations = memoizeObservations(rules.nodeInfo);
  const serviceSnapshot = createSingleFlightCache(
    createServiceSnapshots({ docker: tasks.recent, rules, observations, hasReceivers: hasServiceReceivers }),
    nowMs,
  );
  const serviceEvents: EventWatch | undefined = config.serviceEvents
    ? createEventWatch({
        type: 'service',
        docker,
        logger,
        onOpen: () => services.compareSoon('compare'),
        onEvent(hint) {
          invalidate();
          services.hint(hint.id);
        },
        onBreak() {
          metrics.failed('ListenForServiceEvents');
          // Also without events: what can be compared is compared.
          if (!services.hasSynced()) services.compareSoon('compare');
        },
      })
    : undefined;
  const services = createServiceWatch({
    ...common,
    observations,
    ledger: serviceLedger,
    queue: serviceQueue,
    converging,
    pollingMs: config.servicePollingMs,
    resyncMs: config.resyncMs,
    taskPollingMs: config.taskPollingMs,
    events: serviceEvents,
  });
  const nodeEvents: EventWatch | undefined = config.nodeEvents
    ? createEventWatch({
        type: 'node',
        docker,
        logger,
        onOpen: () => nodes.compareSoon(),
        onEvent(hint) {
          invalidate();
          nodes.hint(hint);
        },
        onBreak() {
          metrics.failed('ListenForNodeEvents');
          if (!nodes.hasSynced()) nodes.compareSoon();
        },
      })
    : undefined;
  const nodes = createNodeWatch({
    docker,
    model: createNodeModel({ hasReceivers: hasNodeReceivers, downIsGone: config.nodeEvents }),
    ledger: nodeLedger,
    queue: nodeQueue,
    metrics: () => metrics,
    logger,
    pollingMs: config.nodePollingMs,
    resyncMs: config.resyncMs,
    onTasksMoved: (cause) => services.compareSoon(cause),
    onChange,
    events: nodeEvents,
  });

  const earlier = stateFile?.load();
  for (const { id, name, remove } of earlier?.services ?? []) serviceLedger.restore(id, name, remove);
  for (const { id, name, remove } of earlier?.nodes ?? []) nodeLedger.restore(id, name, remove);
  if (!serviceEvents) services.compareSoon('compare');
  if (!nodeEvents) nodes.compareSoon();

  const app = createHttpApp({
    logger,
    registry,
    routes: createRoutes({
      services: () => serviceSnapshot.get(),
      nodes: () => snapshotNodes(docker),
      onFailure: (operation) => metrics.failed(operation),
      resend: () => services.compareSoon('resend'),
      readiness: () =>
        judgeReadiness({
          synced: { services: services.hasSynced(), nodes: nodes.hasSynced() },
          docker: health(),
          streams: {
            ...(serviceEvents ? { service: serviceEvents.state() } : {}),
            ...(nodeEvents ? { node: nodeEvents.state() } : {}),
          },
        }),
      logger,
    }),
  });

  const actors: Actor[] = [services, nodes];
  if (serviceEvents) actors.push({ name: 'service events', run: (signal) => serviceEvents.run(signal) });
  if (nodeEvents) actors.push({ name: 'node events', run: (signal) => nodeEvents.run(signal) });
  if (rules.nodeInfo !== 'off')
    actors.push({
      name: 'local tasks',
      run: (signal) => followLocalTasks(docker, (id) => converging.watch(id), signal),
    });
  actors.push({ name: 'deliveries', run: (signal) => drainAtEnd([serviceQueue, nodeQueue], signal) });
  if (stateFile) actors.push(stateFile);
  return { app, actors, firstTry: services.firstTry };
}

function hasAny({ create, remove }: Receivers): boolean {
  return create.length + remove.length > 0;
}

function createListenerQueue(parts: {
  readonly kind: 'service' | 'node';
  readonly ledger: Ledger;
  readonly config: Config;
  readonly http: HttpClient;
  readonly metrics: ReturnType<typeof createListenerMetrics>;
  readonly logger: Logger;
  readonly onChange: () => void;
}): DeliveryQueue {
  const { kind, ledger, config, http, metrics, logger, onChange } = parts;
  return createDeliveryQueue({
    kind,
    notifier: createNotifier(http, { timeoutMs: config.requestTimeoutMs }),
    retries: config.retries,
    retryIntervalMs: config.retryIntervalMs,
    maxPerReceiver: MAX_PER_RECEIVER,
    metrics: metrics.deliveries(kind),
    logger,
    onSettled(delivery, outcome) {
      ledger.settle(delivery, outcome);
      if (delivery.receiver.event === 'remove') onChange();
    },
  });
}

/** Docker tells of tasks only on the node they run on; where that is here, there is no need to poll. */
async function followLocalTasks(
  docker: Docker,
  onService: (id: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await docker.followLocalTasks(onService, signal).catch(() => undefined);
    await sleep(LOCAL_STREAM_PAUSE_MS, signal);
  }
}

async function drainAtEnd(queues: readonly DeliveryQueue[], signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.all(queues.map((queue) => queue.drain(DRAIN_MS)));
}
