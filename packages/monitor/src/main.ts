import path from 'node:path';
import {
  createHttpApp,
  createHttpClient,
  createLogger,
  createMetrics,
  fileRoot,
  httpServer,
  runActors,
  sleep,
  stopSignal,
  withSecrets,
  type Actor,
} from '@docker-flow/daemon';
import type { Parameters } from '@docker-flow/labels';
import { createConfigurationFiles } from './adapters/configuration-files.js';
import { readFilesIn } from './adapters/files-in-directory.js';
import { askPrometheusMajor, createPrometheus } from './adapters/prometheus.js';
import { createPromtool } from './adapters/promtool.js';
import { loadShortcuts } from './adapters/shortcut-files.js';
import { readConfig, unusableTargetLabels } from './config.js';
import { RULE_FILE } from './core/build.js';
import { DEFAULT_CONFIG_FILE, flagsFromEnvironment, flagValue } from './core/flags.js';
import { TARGET_DIRECTORY } from './core/service-scrape.js';
import { shortcutList, tablesStatus } from './core/status.js';
import type { Change } from './core/tables.js';
import { staticTargets } from './core/static-targets.js';
import { globalScrapeIntervalMs } from './core/variables/global-interval.js';
import { configVariables } from './core/variables/variable.js';
import { createInstaller } from './install.js';
import { createMonitorMetrics } from './metrics.js';
import { createMonitor } from './monitor.js';
import { pullNodes, pullServices } from './pulls.js';
import { createRoutes } from './routes.js';

/** How long the first pull may hold up the start. */
const FIRST_PULL_MS = 5_000;

const environment = withSecrets(process.env, { names: ['ARG_ALERTMANAGER_URL'] });
const config = readConfig(environment);
const root = fileRoot(config.DF_FS_ROOT);
const logger = createLogger({ program: 'monitor', level: config.LOG_LEVEL });
const registry = createMetrics({ program: 'monitor', version: '0.1.0' });
const metrics = createMonitorMetrics(registry);
const stop = stopSignal();

const { flags, warnings: flagWarnings } = flagsFromEnvironment(environment);
const targets = staticTargets(environment);
for (const warning of [...flagWarnings, ...targets.warnings])
  logger.warn('Variable is ignored', { reason: warning });
for (const name of unusableTargetLabels([...config.DF_SCRAPE_TARGET_LABELS, ...config.DF_NODE_TARGET_LABELS]))
  logger.warn('Target label is ignored: Prometheus allows no such name', { label: name });

const http = createHttpClient({ timeoutMs: 30_000, userAgent: 'docker-flow-monitor' });
const major = await askPrometheusMajor();
const prometheus = createPrometheus({
  flags,
  http,
  logger: logger.child({ part: 'prometheus' }),
  print: (line, stream) => process[stream].write(`${line}\n`),
});
const promtool = createPromtool({
  root,
  features: flagValue(flags, 'enable-feature'),
  logger: logger.child({ part: 'promtool' }),
});
const shortcuts = await loadShortcuts({
  root,
  settings: {
    nodeMetrics: config.DF_NODE_METRICS,
    proxyMetrics: config.DF_PROXY_METRICS,
    prometheusMajor: major ?? 2,
  },
  logger,
});
const configFile = flagValue(flags, 'config.file') ?? DEFAULT_CONFIG_FILE;
const files = await createConfigurationFiles(
  {
    config: root(configFile),
    rules: root(path.posix.join(path.posix.dirname(configFile), RULE_FILE)),
    targetDirectory: root(TARGET_DIRECTORY),
    targetList: root(`${TARGET_DIRECTORY}-written-by-monitor.json`),
  },
  logger,
);
const variables = configVariables(environment);
const features = flagValue(flags, 'enable-feature') ?? '';
const installer = createInstaller({
  build: {
    variables,
    alertmanagerUrls: config.ARG_ALERTMANAGER_URL,
    expandsExternalLabels: (major ?? 2) >= 3 || features.includes('expand-external-labels'),
  },
  scrapeFiles: {
    read: () =>
      config.CONFIGS_DIR === undefined
        ? Promise.resolve([])
        : readFilesIn(
            root(config.CONFIGS_DIR),
            (name) => name.startsWith('scrape_'),
            (name, err) => logger.warn('Scrape file cannot be read', { file: name, err }),
          ),
  },
  check: promtool,
  files,
  prometheus,
  logger,
});
const monitor = createMonitor({
  installer,
  settings: {
    shortcuts,
    scrapeTargetLabels: config.DF_SCRAPE_TARGET_LABELS,
    globalScrapeIntervalMs: globalScrapeIntervalMs(variables),
  },
  metrics,
  logger,
});
function describe(parameters: Parameters): Change {
  return { kind: 'put-service', record: monitor.describe(parameters).record };
}

const pulledAt = new Map<string, Date>();
const pullOptions = {
  http,
  describe,
  merge: (changes: readonly Change[]) => monitor.merge(changes),
  repeatMs: config.DF_RESYNC_INTERVAL,
  logger,
  onSuccess: (address: string) => {
    pulledAt.set(address, new Date());
    metrics.pulled(address);
  },
};
monitor.merge(targets.services.map(describe));
const services = pullServices(config.LISTENER_ADDRESS, pullOptions);
const nodes = pullNodes(config.DF_GET_NODES_URL, config.DF_NODE_TARGET_LABELS, pullOptions);

const app = createHttpApp({
  logger,
  registry,
  notReady: () => prometheus.notRunning() ?? monitor.lastReload().reason,
  routes: createRoutes({
    monitor,
    noteService: (service, parameters) => services.note(service, parameters),
    noteNode: (id, parameters) => nodes.note(id, parameters),
    scrapeTargetLabels: config.DF_SCRAPE_TARGET_LABELS,
    nodeTargetLabels: config.DF_NODE_TARGET_LABELS,
    status: () => ({
      prometheus: { running: prometheus.notRunning() === undefined, reason: prometheus.notRunning(), major },
      lastReload: monitor.lastReload(),
      listeners: config.LISTENER_ADDRESS.map((address) => address),
      lastPulls: Object.fromEntries(pulledAt),
      problems: installer.problems(),
      ...tablesStatus(monitor.tables(), installer.leftOut()),
    }),
    shortcuts: () => shortcutList(shortcuts),
    notRunning: () => prometheus.notRunning(),
  }),
});

let open: () => void = () => undefined;
const loaded = new Promise<void>((resolve) => (open = resolve));

/** Runs once the first configuration is written and Prometheus has been started, or not at all. */
function afterStart(actor: Actor): Actor {
  return {
    name: actor.name,
    async run(signal) {
      const stopped = new Promise<'stopped'>((resolve) =>
        signal.addEventListener('abort', () => resolve('stopped'), { once: true }),
      );
      return (await Promise.race([loaded, stopped])) === 'stopped' ? 0 : actor.run(signal);
    },
  };
}

const starter: Actor = {
  name: 'start',
  async run(signal) {
    const first = Promise.all([services.askedOnce, nodes.askedOnce]);
    await Promise.race([first, sleep(FIRST_PULL_MS, signal)]);
    if (signal.aborted) return;
    await monitor.load();
    await prometheus.start();
    open();
    await monitor.actor.run(signal);
  },
};

const status = await runActors(
  [
    services.actor,
    nodes.actor,
    starter,
    afterStart(prometheus.actor),
    afterStart(
      httpServer(app, config.DF_LISTEN_ADDRESS, (address) => logger.info('Listening', { ...address })),
    ),
  ],
  { logger, stop },
);
await promtool.close();
process.exit(status);
