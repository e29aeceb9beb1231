import { createHttpClient } from '@docker-flow/daemon/http/client';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createServiceTable } from '@docker-flow/daemon/feed/service-table';
import { createStateFile } from '@docker-flow/daemon/files/state-file';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { httpServer, NOTIFICATION_LIMITS } from '@docker-flow/daemon/http/server';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { createNameResolver, type NameResolver } from '@docker-flow/daemon/net/name-resolver';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { releaseMemoryWhenQuiet } from '@docker-flow/daemon/process/small-heap';
import { createCertifiedTable, watchExpiry } from './acme/certified-table.js';
import { createChallengeAnswers, SavedChallenges, type ChallengeAnswers } from './acme/challenge-answers.js';
import { PEER_PATHS, addRoutes } from './api/routes.js';
import { serviceAnswer } from './api/service-json.js';
import { describeServices, statusOf } from './api/status.js';
import { createCertificateStore } from './certificates/certificate-store.js';
import { createCertificates } from './certificates/certificates.js';
import { readConfig, type Config } from './config/config.js';
import { explainRoute } from './core/explain/explain.js';
import { maskSecrets } from './core/text/mask-secrets.js';
import { fingerprint } from './fingerprint.js';
import { createConfigFiles } from './haproxy/config-files.js';
import { getOverSocket } from './haproxy/exporter-socket.js';
import { canListen } from './haproxy/listen-probe.js';
import { logReceiver } from './haproxy/log-receiver.js';
import { createHaproxy, detectCapabilities } from './haproxy/process.js';
import { createReconciliation } from './install/reconcile.js';
import { createProxyMetrics } from './metrics.js';
import { createPeers } from './replicas/peers.js';
import { createReplicaSync } from './replicas/replica-sync.js';
import { createAddressCache } from './services/address-cache.js';
import { createDnsWatcher } from './services/dns-watcher.js';
import { withoutForbidden, type HostRules } from './services/forbidden-hosts.js';
import { createListenerFeed } from './services/listener-feed.js';
import { prepareService } from './services/prepare-service.js';
import { createRuns, type Runs } from './services/runs.js';
import { SavedState, savedServices } from './services/saved-services.js';
import { createServiceRequests } from './services/service-requests.js';
import { createServiceStore } from './services/service-store.js';
import { prepareFirstRun } from './services/startup.js';
import { findMainTemplate, renderTemplateFile } from './services/templates.js';

const PEER_TIMEOUT_MS = 30_000;
const UNKNOWN_PEER_PAUSE_MS = 250;
const REPLICA_INTERVAL_MS = 15_000;
/** Services are asked for anew this often unless the operator says so himself. */
const REPEAT_FETCH_MS = 60_000;
const TASK_INTERVAL_MS = 1_000;
const VIP_INTERVAL_MS = 10_000;

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
export async function createProgram(config: Config, deps: ProxyDeps): Promise<Program> {
  const { logger, resolver = createNameResolver() } = deps;
  const { settings, files: paths } = config;
  const capabilities = await detectCapabilities();
  if (!settings.normalizePaths) {
    logger.warn(
      'NORMALIZE_PATHS=false: %61 for a, // or /../ pass servicePathExclude and limits of destinations',
    );
  }
  logger.info('HAProxy found', { version: capabilities.version.join('.') });
  const http = createHttpClient({ timeoutMs: PEER_TIMEOUT_MS, userAgent: 'docker-flow-proxy' });

  // What is known.
  const registry = createMetrics({ program: program.name, version: deps.version });
  const hosts: HostRules = { ...config.hosts, ownAddresses };
  const addresses = createAddressCache(resolver, (found) => withoutForbidden(found, hosts));
  const store = createServiceStore();
  const table = createServiceTable();
  const state = createStateFile({
    file: paths.state,
    schema: SavedState,
    gather: () => ({
      services: savedServices(store, (name) => table.isListed(name)),
      acme: challenges.saved(),
    }),
    logger,
  });
  const loaded = (await state.load())?.state;
  const saved = loaded?.services ?? [];
  const challenges: ChallengeAnswers = createChallengeAnswers({
    saved: loaded?.acme,
    byHand: config.acmeThumbprint,
    onChange() {
      state.changed();
      runs.trigger();
    },
    nowMs: () => Date.now(),
    steadyMs: () => performance.now(),
  });
  const certificateStore = createCertificateStore({
    directory: paths.certificates,
    secrets: paths.secrets,
    preferred: config.preferredCertificates,
    listFile: settings.paths.certificateList,
    generatesList: config.ownCertificateList === undefined,
    standIn: settings.paths.standInCertificate,
    logger,
  });

  const certified = createCertifiedTable({
    file: settings.paths.certifiedNames,
    certificates: () =>
      certificateStore
        .states()
        .flatMap(({ names, issued, expires }) => (issued && expires ? [{ names, issued, expires }] : [])),
    now: () => new Date(),
  });

  // From services to a HAProxy that serves them.
  const files = createConfigFiles(paths.config, settings.paths.tables);
  const haproxy = createHaproxy({
    configFile: paths.config,
    masterSocket: paths.masterSocket,
    adminSocket: settings.paths.adminSocket,
    capabilities,
    terminateOnReload: config.terminateOnReload,
    environment: config.haproxyEnvironment,
    print: (line) => deps.print(line, 'stdout'),
    logger: logger.child({ part: 'haproxy' }),
  });
  const metrics = createProxyMetrics({
    registry,
    version: deps.version,
    services: store,
    certificates: () => certificateStore.states(),
    statistics: () => haproxy.command('show stat'),
    oldWorkers: async () => (await haproxy.processes())?.oldWorkers.length ?? 0,
    now: () => Date.now(),
  });
  const reconciliation = createReconciliation(
    {
      addresses,
      files,
      haproxy,
      certificates: certificateStore,
      certified,
      thumbprint: () => challenges.thumbprint(),
      mainTemplate: () => findMainTemplate(config.mainTemplate, paths.defaultTemplate),
      canListen,
      logger,
    },
    { settings, capabilities },
  );
  const runs: Runs = createRuns({
    store,
    reconcile: (services, force) => reconciliation.run(services, force),
    reloadFromDisk: () => reconciliation.reloadFromDisk(),
    async onRun(run) {
      metrics.observeRun(run);
      deps.onInstalled?.();
      const { outcome, reason, services, durationMs } = run;
      if (outcome !== 'unchanged') {
        logger.info('Configuration is live', { outcome, reason, services, durationMs });
      }
      // A caller that is answered must find its service again after a crash.
      state.changed();
      await state.flush();
    },
    onFailure: () => metrics.observeFailure(),
    logger,
  });
  const requests = createServiceRequests(
    {
      store,
      table,
      runs,
      prepare: (request) =>
        prepareService(
          request,
          {
            addresses,
            readSecret: (name) => readFile(path.join(paths.secrets, name), 'utf8').catch(() => undefined),
            renderTemplate: (file, data) => renderTemplateFile(file, config.templatesPath, data),
            storeCertificate: async (name, pem) => {
              await certificateStore.store(name, pem);
            },
          },
          {
            settings,
            validateAddress: config.validateAddress,
            capabilities,
            allowRaw: config.allowRaw,
            hosts,
          },
        ),
      logger,
    },
    { labels: settings.labels, onlyInstance: config.filterInstance ? config.instanceName : undefined },
  );

  // Where services and certificates come from.
  const feed = createListenerFeed(
    {
      http,
      table,
      requests,
      // Not before the first run: the services of the last life would be lost if this one ended now.
      onList: () => {
        if (reconciliation.isLive()) state.changed();
      },
      logger,
    },
    {
      addresses: config.listeners,
      token: config.listenerToken,
      restored: saved.flatMap(({ parameters, isListed }) => (isListed ? [parameters] : [])),
      intervalMs: config.reloadIntervalMs,
      waitsBeforeFetch: config.waitsBeforeFetch,
      repeatMs: config.repeatReload ? config.reloadIntervalMs : REPEAT_FETCH_MS,
    },
  );
  const peers = createPeers({
    serviceName: config.serviceName,
    port: config.listen.port,
    resolver,
    ownAddresses,
    http,
    token: config.apiToken,
    logger,
  });
  const certificates = createCertificates({
    store: certificateStore,
    refresh: () => runs.submit(),
    peers,
    isProtected: config.apiToken !== undefined,
    logger,
  });
  const fingerprints = async () => ({
    services: fingerprint(describeServices(store.entries())),
    certificates: await certificates.fingerprint(),
    acme: fingerprint(`${challenges.thumbprint() ?? ''} ${challenges.saved()?.directory ?? ''}`),
  });
  const replicaSync = createReplicaSync(
    {
      peers,
      own: fingerprints,
      adoptCertificates: (list) => certificates.adopt(list),
      adoptChallenges(answer) {
        const read = SavedChallenges.safeParse(withoutNulls(answer));
        if (read.success) challenges.adopt(read.data);
      },
      pullServices: () => feed.pull(),
      onCompared: (different) => metrics.observeReplicas(different),
      logger: logger.child({ part: 'replica-sync' }),
    },
    {
      paths: PEER_PATHS,
      firstPauseMs: config.peerPauseMs,
      unknownPeerPauseMs: UNKNOWN_PEER_PAUSE_MS,
      intervalMs: REPLICA_INTERVAL_MS,
    },
  );

  const app = createHttpApp({
    logger,
    registry,
    routes: (own) =>
      addRoutes(
        own,
        {
          requests,
          peers,
          certificates,
          acme: {
            answers: challenges,
            async makeLive() {
              await runs.submit();
            },
            liveThumbprint: () => reconciliation.liveThumbprint(),
            peers,
          },
          reloadFromDisk: () => runs.reloadFromDisk(),
          askListeners: () => feed.notifyServices(),
          hasFetched: () => feed.hasFetched(),
          config: async () => {
            const text = await files.read();
            return text === undefined ? undefined : maskSecrets(text);
          },
          services: () =>
            Object.fromEntries(
              store
                .entries()
                .flatMap(({ name, live }) =>
                  live ? [[name, serviceAnswer(live.routed.service, live.routed.users)] as const] : [],
                ),
            ),
          statistics: () => haproxy.command('show stat'),
          exporter: () => getOverSocket(settings.paths.exporterSocket, '/metrics'),
          metrics: () => metrics.render(),
          status: () =>
            statusOf({
              entries: store.entries(),
              certificates: certificateStore.states(),
              capabilities,
              isRunning: haproxy.running(),
              challenges: {
                isWanted: challenges.thumbprint() !== undefined,
                isLive: reconciliation.liveThumbprint() === challenges.thumbprint(),
              },
            }),
          readiness: () => ({
            problem: readinessProblem(haproxy.running(), reconciliation.isLive(), runs.failure()),
            rejected: store.entries().flatMap(({ name, rejection }) => (rejection ? [name] : [])),
          }),
          explain: (request) =>
            explainRoute(
              request,
              store.entries().flatMap(({ live }) => (live ? [live.routed] : [])),
              settings,
            ),
          fingerprints,
          logger,
        },
        {
          defaultPort: settings.defaultPorts.find(({ port }) => port !== undefined)?.port ?? 80,
          token: config.apiToken,
        },
      ),
  });
  const watchAddresses = createDnsWatcher(
    {
      addresses,
      resolver,
      hosts: () => requests.hosts(),
      onChange: (hosts) => requests.onAddresses(hosts),
    },
    { taskIntervalMs: TASK_INTERVAL_MS, vipIntervalMs: VIP_INTERVAL_MS },
  );

  return {
    actors: [
      {
        name: 'services',
        async run(signal) {
          await prepareFirstRun(
            { requests, resume: () => reconciliation.resume(), logger },
            { environment: config.environment, saved: saved.map(({ parameters }) => parameters) },
          );
          runs.trigger();
          await runs.run(signal);
        },
      },
      httpServer(
        app,
        config.listen,
        (bound) => {
          logger.info('Listening', { ...bound });
          deps.onListening?.(bound);
        },
        NOTIFICATION_LIMITS,
      ),
      {
        name: 'haproxy',
        run: (signal) =>
          haproxy.supervise(signal, (reason) => {
            logger.error('HAProxy does not start on the file it ran', { reason });
            runs.trigger();
          }),
      },
      watchAddresses,
      watchExpiry(certified, () => runs.trigger()),
      replicaSync,
      state,
      ...(config.listeners.length > 0 ? [feed.actor] : []),
      ...(settings.debug.on ? [logReceiver(logger)] : []),
    ],
    close: () => state.flush(),
  };
}

function readinessProblem(
  isRunning: boolean,
  isLive: boolean,
  failure: string | undefined,
): string | undefined {
  const reason = failure === undefined ? '' : `: ${failure}`;
  if (!isLive) return `The first configuration is not live yet${reason}`;
  return isRunning ? undefined : `HAProxy does not run${reason}`;
}

/** An answer of the API says `null` where there is nothing. */
function withoutNulls(answer: unknown): unknown {
  return Object.fromEntries(Object.entries(Object(answer) as object).filter(([, value]) => value !== null));
}

/** Our addresses with the length of their networks' prefixes, such as `10.0.1.5/24`. */
function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap(
    (list) => list?.map(({ address, cidr }) => cidr ?? address) ?? [],
  );
}
