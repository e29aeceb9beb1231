import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { httpServer, NOTIFICATION_LIMITS } from '@docker-flow/daemon/http/server';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { createNameResolver, type NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { releaseMemoryWhenQuiet } from '@docker-flow/daemon/process/small-heap';
import { watchExpiry } from './acme/certified-table.js';
import { readConfig, type Config } from './config/config.js';
import { logReceiver } from './haproxy/log-receiver.js';
import { watchOldWorkers } from './haproxy/old-workers.js';
import { detectCapabilities } from './haproxy/capabilities.js';
import { findWorkerUser } from './haproxy/worker-user.js';
import type { Settings } from './core/model/settings.js';
import { createApplication } from './program/application.js';
import { openMemory } from './program/memory.js';
import { createReplicas } from './program/replicas.js';
import { createServing, type Serving } from './program/serving.js';
import { placeScalerToken } from './program/scaler-token.js';
import { createSources, type Sources } from './program/sources.js';
import { createReachability } from './services/reachability/reachability.js';
import { tryToConnect } from './services/reachability/try-to-connect.js';

const NEIGHBOUR_TIMEOUT_MS = 30_000;
/** Servers that answer are asked seldom: to some programs each connection is worth a line. */
const REACHABILITY = {
  lookEveryMs: 500,
  lookWithinMs: 5_000,
  goodMs: 60_000,
  badMs: 5_000,
  timeoutMs: 2_000,
};
/** HAProxy's requests in flight must fit into Docker's 10 seconds. */
const GRACE_MS = 3_800;

export const program: ProgramDefinition<Config> = {
  name: 'proxy-configurator',
  readConfig,
  createProgram: (config, deps) => createProgram(config, { ...deps, onInstalled: releaseMemoryWhenQuiet }),
  graceMs: GRACE_MS,
};

export interface ProxyDeps extends CommonDeps {
  readonly onListening?: (address: ListenAddress) => void;
  /** After each configuration that is live. */
  readonly onInstalled?: () => void;
  /** Other names than those of the machine. */
  readonly resolver?: NameResolver;
}

/** Puts all concrete parts together. @throws {NotFoundError} when there is no HAProxy in PATH */
export async function createProgram(given: Config, deps: ProxyDeps): Promise<Program> {
  const { logger, resolver = createNameResolver() } = deps;
  const worker = await findWorkerUser({ socket: given.settings.paths.authSocket, logger });
  const settings: Settings = { ...given.settings, worker };
  const config: Config = { ...given, settings };
  const capabilities = await detectCapabilities();
  if (!settings.normalizePaths) {
    logger.warn(
      'NORMALIZE_PATHS=false: %61 for a, // or /../ pass servicePathExclude and limits of destinations',
    );
  }
  logger.info('HAProxy found', { version: capabilities.version.join('.') });
  await placeScalerToken(settings.paths.scalerToken, settings.scaler && config.scalerToken, logger);
  const http = createHttpClient({ timeoutMs: NEIGHBOUR_TIMEOUT_MS, userAgent: 'docker-flow-proxy' });
  const registry = createMetrics({ program: program.name, version: deps.version });

  const memory = await openMemory(config, { resolver, onChallenges: () => serving.runs.trigger(), logger });
  const reachability = createReachability(
    {
      services: () => memory.store.entries().flatMap(({ live }) => (live ? [live.routed] : [])),
      isBusy: () => serving.runs.isAwaited(),
      addresses: memory.addresses.known,
      resolver,
      connect: tryToConnect,
      logger,
    },
    REACHABILITY,
  );
  const serving: Serving = createServing(config, {
    ...deps,
    memory,
    capabilities,
    registry,
    unreachable: () => reachability.problems(),
  });
  const pullServices = () => sources.feed.pull();
  const replicas = createReplicas(config, { memory, serving, pullServices, http, resolver, logger });
  const beforeFirstRun = () => replicas.askForCertificates();
  const sources: Sources = createSources(config, {
    memory,
    serving,
    capabilities,
    http,
    resolver,
    beforeFirstRun,
    logger,
  });
  const app = createApplication(config, {
    memory,
    serving,
    sources,
    replicas,
    reachability,
    capabilities,
    registry,
    logger,
  });

  const onListening = (bound: ListenAddress) => {
    logger.info('Listening', { ...bound });
    deps.onListening?.(bound);
  };
  return {
    actors: [
      ...sources.actors,
      httpServer(app, config.listen, onListening, NOTIFICATION_LIMITS),
      {
        name: 'haproxy',
        run: (signal) =>
          serving.haproxy.supervise(signal, (reason) => {
            logger.error('HAProxy does not start on the file it ran', { reason });
            serving.runs.trigger();
          }),
      },
      watchOldWorkers({
        oldWorkers: async () => (await serving.haproxy.processes())?.oldWorkers ?? [],
        logger,
      }),
      reachability,
      watchExpiry(memory.certified, () => serving.runs.trigger()),
      replicas.actor,
      ...memory.actors,
      ...(settings.debug.on ? [logReceiver(logger)] : []),
    ],
    close: () => memory.flush(),
  };
}
