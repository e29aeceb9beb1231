import { releaseMemoryWhenQuiet } from '@docker-flow/daemon/process/small-heap';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { messageOf } from '@docker-flow/daemon/errors';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createLightHttpClient, hasProxy } from '@docker-flow/daemon/http/light-client';
import { httpServer } from '@docker-flow/daemon/http/server';
import { createLogger } from '@docker-flow/daemon/log/logger';
import { createMetrics } from '@docker-flow/daemon/metrics';
import { runActors, stopSignal } from '@docker-flow/daemon/process/lifecycle';
import { createCertificateStore } from './certificates/certificate-store.js';
import { createConfigFiles } from './haproxy/config-files.js';
import { getOverSocket } from './haproxy/exporter-socket.js';
import { createHaproxy, detectCapabilities } from './haproxy/process.js';
import { canListen } from './haproxy/listen-probe.js';
import { logReceiver } from './haproxy/log-receiver.js';
import { createNameResolver } from './services/name-resolver.js';
import { createAddressBook } from './services/address-book.js';
import { createBootstrap } from './services/startup.js';
import { createCertificates } from './certificates/certificates.js';
import { readConfig, type Config } from './config/config.js';
import { explainRoute } from './core/explain/explain.js';
import { maskSecrets } from './core/text/mask-secrets.js';
import type { LookupTable } from './core/model/directives.js';
import { renderTable } from './core/text/render.js';
import { withoutSecrets } from './core/text/without-secrets.js';
import { serviceAnswer } from './api/service-json.js';
import { createListeners } from './services/listener-feed.js';
import { createProxyMetrics } from './metrics.js';
import { createPeers } from './replicas/peers.js';
import { createProxy } from './services/service-requests.js';
import { createReconciliation } from './install/reconcile.js';
import { createReplicaSync, type Fingerprints } from './replicas/replica-sync.js';
import { PEER_PATHS, addRoutes } from './api/routes.js';
import { createServiceRegistry } from './services/service-registry.js';
import { describeServices, statusOf } from './api/status.js';
import { createStateFile } from './services/state-file.js';
import { findMainTemplate, renderTemplateFile } from './services/templates.js';

const program = 'proxy-configurator';
/** HAProxy's requests in flight must fit into Docker's 10 seconds. */
const GRACE_MS = 3_800;
const PEER_TIMEOUT_MS = 30_000;

function configOrEnd(): Config {
  try {
    return readConfig(process.env, process.argv.slice(2));
  } catch (error) {
    createLogger({ program }).error('The configuration cannot be read', { reason: messageOf(error) });
    process.exit(1);
  }
}

const config = configOrEnd();
const { settings, files: paths } = config;
const logger = createLogger({ program, level: config.logLevel, secrets: config.secrets });
const metricsRegistry = createMetrics({ program, version: '0.1.0' });
const stop = stopSignal();
const capabilities = await detectCapabilities();
const http = createLightHttpClient({
  timeoutMs: PEER_TIMEOUT_MS,
  userAgent: 'docker-flow-proxy',
  hasProxy: hasProxy(process.env),
});
const resolver = createNameResolver();
const registry = createServiceRegistry();
const state = createStateFile(paths.state, logger);
const saved = await state.load();

const haproxy = createHaproxy({
  configFile: paths.config,
  masterSocket: paths.masterSocket,
  adminSocket: settings.paths.adminSocket,
  capabilities,
  terminateOnReload: config.terminateOnReload,
  environment: withoutSecrets(process.env),
  onStartFailed(reason) {
    logger.error('HAProxy does not start on the file it ran', { reason });
    proxy.reconciler.trigger();
  },
  logger: logger.child({ part: 'haproxy' }),
});
const files = createConfigFiles(paths.config, settings.paths.tables);
const store = createCertificateStore({
  directory: paths.certificates,
  secrets: paths.secrets,
  preferred: config.preferredCertificates,
  listFile: settings.paths.certificateList,
  generatesList: config.ownCertificateList === undefined,
  standIn: settings.paths.standInCertificate,
  logger,
});
const addresses = createAddressBook({
  resolver,
  hosts: () => proxy.hosts(),
  onChange: (hosts) => proxy.onAddresses(hosts),
  taskIntervalMs: 1_000,
  vipIntervalMs: 10_000,
});
const metrics = createProxyMetrics({
  registry: metricsRegistry,
  services: registry,
  certificates: () => store.states(),
  statistics: () => haproxy.command('show stat'),
  oldWorkers: async () => (await haproxy.processes())?.oldWorkers.length ?? 0,
  outOfSync: () => sync.outOfSync(),
  now: () => Date.now(),
});
function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
const reconciliation = createReconciliation({
  settings,
  capabilities,
  registry,
  addresses,
  files,
  haproxy,
  configFile: paths.config,
  tablePath(table: LookupTable) {
    return path.join(settings.paths.tables, `${table.name}-${fingerprint(renderTable(table.entries))}.map`);
  },
  mainTemplate: () => findMainTemplate(config.mainTemplate, paths.defaultTemplate),
  prepareCertificates: () => store.refresh(),
  leaveOutCertificates: (complaints) => store.leaveOut(complaints),
  generatesList: config.ownCertificateList === undefined,
  readCertificate: (file) => store.read(file),
  pace: () => haproxy.pace(),
  canListen,
  onRun(run) {
    metrics.observeRun(run);
    releaseMemoryWhenQuiet();
    if (run.outcome !== 'unchanged') logger.info('Configuration is live', { ...run });
    saveServices();
  },
  logger,
});
const proxy = createProxy({
  registry,
  preparing: {
    settings,
    addresses,
    readSecret: (name) => readFile(path.join(paths.secrets, name), 'utf8').catch(() => undefined),
    renderTemplate: (file, data) => renderTemplateFile(file, config.templatesPath, data),
    storeCertificate: async (name, pem) => {
      await store.store(name, pem);
    },
    validateAddress: config.validateAddress,
    allowRaw: config.allowRaw,
    logger,
  },
  reconcile: async (force) => {
    await bootstrap.ready;
    return reconciliation.run(force);
  },
  reloadFromDisk: async () => {
    await bootstrap.ready;
    await reconciliation.reloadFromDisk();
  },
  onFailure: () => metrics.observeFailure(),
  onlyInstance: config.filterInstance ? config.instanceName : undefined,
  logger,
});
const peers = createPeers({
  serviceName: config.serviceName,
  port: config.listen.port,
  resolver,
  ownAddresses: () =>
    Object.values(networkInterfaces()).flatMap(
      (list) => list?.map(({ address, cidr }) => cidr ?? address) ?? [],
    ),
  http,
  token: config.apiToken,
  logger,
});
const certificates = createCertificates({
  store,
  refresh: () => proxy.refresh(),
  peers,
  isProtected: config.apiToken !== undefined,
  fingerprint,
  logger,
});
const listeners = createListeners({
  addresses: config.listeners,
  http,
  proxy,
  restored: saved.flatMap(({ parameters, isListed }) => (isListed ? [parameters] : [])),
  onList: saveServices,
  intervalMs: config.reloadIntervalMs,
  waitsBeforeFetch: config.waitsBeforeFetch,
  repeatMs: config.repeatReload ? config.reloadIntervalMs : 60_000,
  logger,
});
async function fingerprints(): Promise<Fingerprints> {
  return {
    services: fingerprint(describeServices(registry.entries())),
    certificates: await certificates.fingerprint(),
  };
}
const sync = createReplicaSync({
  peers,
  paths: PEER_PATHS,
  own: fingerprints,
  adoptCertificates: (list) => certificates.adopt(list),
  pullServices: () => listeners.pull(),
  firstPauseMs: config.peerPauseMs,
  strangerPauseMs: 250,
  intervalMs: 15_000,
  logger: logger.child({ part: 'replica-sync' }),
});

/** Not before the first configuration is live: those of the last run would be lost if it ended now. */
function saveServices(): void {
  if (!reconciliation.running()) return;
  state.save(() =>
    registry
      .entries()
      .flatMap(({ name, live }) =>
        live ? [{ parameters: live.parameters, isListed: proxy.table.isListed(name) }] : [],
      ),
  );
}

function readinessProblem(): string | undefined {
  if (!haproxy.running()) return 'HAProxy does not run';
  return reconciliation.running() ? undefined : 'The first configuration is not live yet';
}

const app = createHttpApp({
  logger,
  registry: metricsRegistry,
  routes: (own) =>
    addRoutes(own, {
      proxy,
      peers,
      certificates,
      config: async () => {
        const text = await files.read();
        return text === undefined ? undefined : maskSecrets(text);
      },
      services: () =>
        Object.fromEntries(
          registry
            .entries()
            .flatMap(({ name, live }) =>
              live ? [[name, serviceAnswer(live.routed.service, live.routed.users)] as const] : [],
            ),
        ),
      askListeners: () => listeners.notifyServices(),
      hasFetched: () => listeners.hasFetched(),
      statistics: () => haproxy.command('show stat'),
      exporter: () => getOverSocket(settings.paths.exporterSocket, '/metrics'),
      metrics: () => metrics.render(),
      status: () =>
        statusOf({
          entries: registry.entries(),
          certificates: store.states(),
          capabilities,
          isRunning: haproxy.running(),
          fingerprint,
        }),
      readiness: () => ({
        problem: readinessProblem(),
        rejected: registry.entries().flatMap(({ name, rejection }) => (rejection ? [name] : [])),
      }),
      explain: (request) =>
        explainRoute(
          request,
          registry.entries().flatMap(({ live }) => (live ? [live.routed] : [])),
          settings,
        ),
      defaultPort: settings.defaultPorts.find(({ port }) => port !== undefined)?.port ?? 80,
      fingerprints,
      token: config.apiToken,
      logger,
    }),
});

const bootstrap = createBootstrap({
  environment: config.environment,
  saved: saved.map(({ parameters }) => parameters),
  proxy,
  resume: () => reconciliation.resume(),
  logger,
});

for (const warning of config.warnings) logger.warn('A variable is left out', { reason: warning });
logger.info('Starting', { haproxy: capabilities.version.join('.') });
const status = await runActors(
  [
    httpServer(app, config.listen, (bound) =>
      logger.info('Listening', { host: bound.host, port: bound.port }),
    ),
    { name: 'reconciler', run: (signal) => proxy.reconciler.run(signal) },
    haproxy.actor,
    addresses.actor,
    bootstrap.actor,
    sync.actor,
    ...(config.listeners.length > 0 ? [listeners.actor] : []),
    ...(settings.debug.on ? [logReceiver(logger)] : []),
  ],
  { logger, stop, graceMs: GRACE_MS },
);
await state.flush();
process.exit(status);
