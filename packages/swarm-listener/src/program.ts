import { systemClock, type Clock } from '@docker-flow/daemon/concurrency/clock';
import { createSingleFlightCache } from '@docker-flow/daemon/concurrency/single-flight-cache';
import { untilAborted } from '@docker-flow/daemon/concurrency/until-aborted';
import { createStateFile, type StateFile } from '@docker-flow/daemon/files/state-file';
import { LABEL_PREFIX } from '@docker-flow/labels';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { httpServer } from '@docker-flow/daemon/http/server';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { createMetrics } from '@docker-flow/daemon/metrics';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { connectDocker } from '@docker-flow/docker/connection';
import { readinessOf } from './api/readiness.js';
import { createRoutes } from './api/routes.js';
import { createServiceSnapshots, snapshotNodes } from './api/snapshot.js';
import { readConfig, type Config } from './config/config.js';
import { createDeliveryLedger, type DeliveryLedger } from './core/notifications/delivery-ledger.js';
import type { Receivers } from './core/notifications/receivers.js';
import { createNodeModel } from './core/services/node-model.js';
import { memoizeObservations } from './core/services/observation.js';
import { createServiceModel } from './core/services/service-model.js';
import { isExtraLabel } from './core/services/service-parameters.js';
import { createDocker } from './docker/docker.js';
import { createSwarm } from './docker/swarm.js';
import { createListenerMetrics } from './metrics.js';
import { createDeliveryQueue } from './notify/delivery-queue.js';
import { createDispatcher } from './notify/dispatcher.js';
import { createNotifier } from './notify/notifier.js';
import { ToldState } from './notify/told-state.js';
import type { LabelWatch, Swarm } from './ports.js';
import { createConvergingServices } from './watch/converging-services.js';
import { createEventStream } from './watch/event-stream.js';
import { followLocalTasks } from './watch/follow-local-tasks.js';
import { createLabelWatch } from './watch/label-watch.js';
import { createObservationOrder } from './watch/observation-order.js';
import { createServiceObserver } from './watch/observe-service.js';
import { createNodeWatcher } from './watch/watch-nodes.js';
import { createServiceWatcher } from './watch/watch-services.js';

/**
 * For one whole answer of Docker; the longest lists take a second. Without quorum a manager refuses after 20 s only, and
 * a call that was under way when the leader went may hang while new ones are answered: better ask again sooner.
 */
const DOCKER_LIMITS = { silenceMs: 10_000, answerMs: 10_000 };
/**
 * Requests under way to one receiver. The proxy and the monitor answer when a service is live, and make all live at once
 * that wait: with few under way, a thousand services at once would be as many reloads one after the other. Two listeners
 * leave room for others: a receiver takes 1,024 connections (`NOTIFICATION_LIMITS`).
 */
const MAX_PER_RECEIVER = 480;
/** How long notifications under way may take when the program ends. */
const DRAIN_MS = 2_500;
/** Answers of receivers are only shown in the log; what is longer is left unread. */
const MAX_SHOWN_BYTES = 64 * 1024;
/** The state file is written once for all changes within this time. */
const STATE_GATHER_MS = 1_000;
const USER_AGENT = 'docker-flow-swarm-listener';

/** Ping answers when the first look at Docker has been made, or after so long without. */
const FIRST_TRY_MS = 1_000;

export const program: ProgramDefinition<Config> = {
  name: 'swarm-listener',
  readConfig,
  createProgram,
  describe: ({ docker, services, nodes }) => ({
    docker: docker.description,
    createServices: services.create.map(({ url }) => url),
    removeServices: services.remove.map(({ url }) => url),
    createNodes: nodes.create.map(({ url }) => url),
    removeNodes: nodes.remove.map(({ url }) => url),
  }),
};

export interface ListenerDeps extends Pick<CommonDeps, 'logger' | 'version'> {
  readonly clock?: Clock;
  readonly onListening?: (bound: ListenAddress) => void;
}

/** Puts all parts together. Nothing but reading the state file happens before the actors run. */
export async function createProgram(
  config: Config,
  { logger, version, clock = systemClock, onListening }: ListenerDeps,
): Promise<Program> {
  const registry = createMetrics({ program: program.name, version });
  const { rules } = config;
  const labels = createLabelWatch({
    rules: { notify: rules.notify, createReceivers: config.services.create },
    logger,
  });
  const swarm = connectSwarm(config, labels);
  const model = createServiceModel(rules);
  const converging = createConvergingServices(model, clock);
  const ledgers = {
    service: createDeliveryLedger(config.services),
    node: createDeliveryLedger(config.nodes),
  };
  const warnings = () => [...labels.list(), ...ledgers.service.nameIssues()];
  const metrics = createListenerMetrics(registry, {
    knownServices: () => ledgers.service.count(),
    waitingServices: () => model.waiting(),
    convergingServices: () => converging.size(),
    labelIssues: () => warnings(),
  });
  const observationOf = memoizeObservations(rules.nodeInfo);
  const serviceSnapshot = createSingleFlightCache(
    createServiceSnapshots({ swarm, rules, observationOf, hasReceivers: hasAny(config.services) }),
  );
  const stateFile = await restoreState(config.stateFile, ledgers, logger);

  function invalidate(): void {
    swarm.invalidate();
    serviceSnapshot.invalidate();
  }
  function onChange(): void {
    invalidate();
    stateFile?.changed();
  }

  const client = createHttpClient({
    // Each request brings a limit of its own.
    timeoutMs: config.requestTimeoutMs,
    maxResponseBytes: MAX_SHOWN_BYTES,
    longAnswers: 'cut',
    userAgent: USER_AGENT,
  });
  const notifier = createNotifier(client, { timeoutMs: config.requestTimeoutMs });
  const notifications = (kind: 'service' | 'node') => {
    const ledger = ledgers[kind];
    const queue = createDeliveryQueue(
      {
        notifier,
        metrics: metrics.deliveries(kind),
        logger,
        clock,
        onSettled(delivery, outcome) {
          ledger.settle(delivery, outcome);
          if (delivery.receiver.event === 'remove') onChange();
        },
      },
      {
        kind,
        retries: config.retries,
        retryIntervalMs: config.retryIntervalMs,
        maxPerReceiver: MAX_PER_RECEIVER,
      },
    );
    return { ledger, queue, dispatcher: createDispatcher({ ledger, queue, logger, onChange }) };
  };
  const [services, nodes] = [notifications('service'), notifications('node')];

  const common = { swarm, metrics, logger, clock, onEvent: invalidate };
  const streamOf = (type: 'service' | 'node', isOn: boolean) =>
    isOn ? createEventStream({ type, swarm, logger, clock }) : undefined;
  const events = {
    service: streamOf('service', config.serviceEvents),
    node: streamOf('node', config.nodeEvents),
  };
  const serviceWatcher = createServiceWatcher(
    {
      ...common,
      ...services,
      labels,
      model,
      converging,
      nodeInfo: rules.nodeInfo,
      order: createObservationOrder(),
      observe: createServiceObserver({ ...services, model, converging, clock }),
      observationOf,
      events: events.service,
    },
    {
      pollingMs: config.servicePollingMs,
      resyncMs: config.resyncMs,
      taskPollingMs: config.taskPollingMs,
    },
  );
  const nodeWatcher = createNodeWatcher(
    {
      ...common,
      ...nodes,
      model: createNodeModel({ hasReceivers: hasAny(config.nodes), downIsGone: config.nodeEvents }),
      order: createObservationOrder(),
      onTasksMoved: (cause) => serviceWatcher.resend(cause),
      events: events.node,
    },
    { pollingMs: config.nodePollingMs, resyncMs: config.resyncMs },
  );

  const app = createHttpApp({
    logger,
    registry,
    routes: createRoutes({
      services: () => serviceSnapshot.get(),
      status: () => ({
        version,
        services: {
          known: ledgers.service.count(),
          waiting: model.waiting(),
          converging: converging.size(),
        },
        nodes: { known: ledgers.node.count() },
        warnings: warnings(),
      }),
      nodes: () => snapshotNodes(swarm),
      apiToken: config.apiToken,
      onFailure: (operation) => metrics.failed(operation),
      resend: () => serviceWatcher.resend('resend'),
      readiness: () =>
        readinessOf({
          synced: { services: serviceWatcher.hasSynced(), nodes: nodeWatcher.hasSynced() },
          docker: swarm.health(),
          streams: Object.fromEntries(
            Object.entries(events).flatMap(([type, stream]) => (stream ? [[type, stream.state()]] : [])),
          ),
        }),
      logger,
    }),
  });

  const server = httpServer(app, config.listen, (bound) => {
    logger.info('Listening', { ...bound });
    onListening?.(bound);
  });
  const http: Actor = {
    name: 'http',
    async run(signal) {
      await Promise.race([serviceWatcher.firstTry, clock.sleep(FIRST_TRY_MS, signal)]);
      await server.run(signal);
    },
  };
  const deliveries: Actor = {
    name: 'deliveries',
    async run(signal) {
      await untilAborted(signal);
      await Promise.all([services, nodes].map(({ queue }) => queue.drain(DRAIN_MS)));
    },
  };
  const actors = [
    http,
    serviceWatcher,
    nodeWatcher,
    ...(rules.nodeInfo === 'off' ? [] : [followLocalTasks(swarm, converging, clock)]),
    deliveries,
    ...(stateFile ? [stateFile] : []),
  ];
  return { actors, close: async () => stateFile?.flush() };
}

function connectSwarm(config: Config, labels: LabelWatch): Swarm {
  const { notify, extraPrefixes } = config.rules;
  const docker = createDocker({
    connection: connectDocker(config.docker, DOCKER_LIMITS),
    notifyKey: notify.key,
    isKeptLabel: (label) =>
      label.startsWith(LABEL_PREFIX) || label === notify.key || isExtraLabel(label, extraPrefixes),
  });
  return createSwarm({ docker, notify, labels });
}

/** Tells the ledgers what an earlier run has told, and keeps what they know for the next one. */
async function restoreState(
  file: string | undefined,
  ledgers: Readonly<Record<'service' | 'node', DeliveryLedger>>,
  logger: Logger,
): Promise<StateFile<ToldState> | undefined> {
  if (file === undefined) return undefined;
  const stateFile = createStateFile({
    file,
    schema: ToldState,
    gather: () => ({
      version: 1 as const,
      services: [...ledgers.service.known()],
      nodes: [...ledgers.node.known()],
    }),
    gatherMs: STATE_GATHER_MS,
    logger,
  });
  const { services, nodes } = (await stateFile.load())?.state ?? { services: [], nodes: [] };
  for (const { id, name, remove } of services) ledgers.service.restore(id, name, remove);
  for (const { id, name, remove } of nodes) ledgers.node.restore(id, name, remove);
  return stateFile;
}

function hasAny({ create, remove }: Receivers): boolean {
  return create.length + remove.length > 0;
}
