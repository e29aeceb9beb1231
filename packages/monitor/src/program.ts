import path from 'node:path';
import { sleep } from '@docker-flow/daemon/concurrency/retry';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createLightHttpClient } from '@docker-flow/daemon/http/light-client';
import { httpServer } from '@docker-flow/daemon/http/server';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { createMetrics } from '@docker-flow/daemon/metrics';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { Parameters } from '@docker-flow/labels';
import { createConfigurationFiles } from './adapters/configuration-files.js';
import { createPrometheus } from './adapters/prometheus.js';
import { askPrometheusMajor } from './adapters/prometheus-version.js';
import { createPromtool } from './adapters/promtool.js';
import { createScrapeFiles } from './adapters/scrape-files.js';
import { loadShortcuts } from './adapters/shortcut-files.js';
import type { Config } from './config/config.js';
import { RULE_FILE } from './core/files/build.js';
import { DEFAULT_CONFIG_FILE, flagValue } from './core/prometheus/flags.js';
import { TARGET_DIRECTORY } from './core/services/service-scrape.js';
import { shortcutList, stateStatus } from './api/status.js';
import { buildServiceRecord, type RecordSettings } from './core/services/service-record.js';
import { globalScrapeIntervalMs } from './core/variables/global-interval.js';
import { createInstaller } from './install/installer.js';
import { createMonitorMetrics } from './metrics.js';
import { createInstallReport } from './services/install-report.js';
import { pullNodes, pullServices, type PullOptions } from './services/listener-feed.js';
import { createServiceChanges } from './services/service-changes.js';
import { createServiceRequests } from './services/service-requests.js';
import { createRoutes } from './api/routes.js';
import { createStart } from './install/start-after.js';

/** How long the first pull may hold up the start. */
const FIRST_PULL_MS = 5_000;
const OLDEST_MAJOR = 2;

export interface ProgramOptions {
  readonly logger: Logger;
  readonly version: string;
  /** Where the lines of Prometheus go. */
  readonly print: (line: string, stream: 'stdout' | 'stderr') => void;
  readonly onListening?: (address: ListenAddress) => void;
  /** After each batch of changes, installed or not. */
  readonly onInstalled?: () => void;
  /** Another program in the place of Prometheus. */
  readonly prometheusCommand?: string;
}

export interface Program {
  readonly actors: readonly Actor[];
  /** Removes what lies in temporary directories. */
  readonly close: () => Promise<void>;
}

/** Puts all concrete parts together. */
export async function createProgram(config: Config, options: ProgramOptions): Promise<Program> {
  const { logger } = options;
  const { root, flags } = config;
  for (const reason of config.warnings) logger.warn('Part of the environment is ignored', { reason });
  const registry = createMetrics({ program: 'monitor', version: options.version });
  const metrics = createMonitorMetrics(registry);
  const http = createLightHttpClient({
    timeoutMs: 30_000,
    userAgent: 'docker-flow-monitor',
    hasProxy: config.hasProxy,
  });
  const major = await askPrometheusMajor();
  const features = flagValue(flags, 'enable-feature');
  const prometheus = createPrometheus({
    flags,
    http,
    logger: logger.child({ part: 'prometheus' }),
    print: options.print,
    ...(options.prometheusCommand === undefined ? {} : { command: options.prometheusCommand }),
  });
  const promtool = createPromtool({ root, features, logger: logger.child({ part: 'promtool' }) });
  const shortcuts = await loadShortcuts({
    root,
    settings: {
      nodeMetrics: config.nodeMetrics,
      proxyMetrics: config.proxyMetrics,
      prometheusMajor: major ?? OLDEST_MAJOR,
    },
    logger,
  });
  const configFile = flagValue(flags, 'config.file') ?? DEFAULT_CONFIG_FILE;
  const installer = createInstaller({
    build: {
      variables: config.variables,
      alertmanagerUrls: config.alertmanagerUrls,
      expandsExternalLabels:
        (major ?? OLDEST_MAJOR) >= 3 || (features ?? '').includes('expand-external-labels'),
    },
    scrapeFiles: createScrapeFiles(config.configsDirectory && root(config.configsDirectory), logger),
    check: promtool,
    files: await createConfigurationFiles(
      {
        config: root(configFile),
        rules: root(path.posix.join(path.posix.dirname(configFile), RULE_FILE)),
        targetDirectory: root(TARGET_DIRECTORY),
        targetList: root(`${TARGET_DIRECTORY}-written-by-monitor.json`),
      },
      logger,
    ),
    prometheus,
    logger,
  });
  const report = createInstallReport({ metrics, logger });
  const changes = createServiceChanges({
    installer,
    report,
    logger,
    ...(options.onInstalled === undefined ? {} : { onInstalled: options.onInstalled }),
  });
  const recordSettings: RecordSettings = {
    shortcuts,
    scrapeTargetLabels: config.scrapeTargetLabels,
    globalScrapeIntervalMs: globalScrapeIntervalMs(config.variables),
  };
  const describe = (parameters: Parameters) => buildServiceRecord(parameters, recordSettings);
  const pulledAt = new Map<string, Date>();
  const pulling: PullOptions = {
    http,
    describe: (parameters) => ({ kind: 'put-service', record: describe(parameters) }),
    merge(pulled) {
      for (let i = 0; i < pulled.length; i += 1) metrics.notified('pull');
      changes.merge(pulled);
    },
    repeatMs: config.resyncMs,
    logger,
    onSuccess(address) {
      pulledAt.set(address, new Date());
      metrics.pulled(address);
    },
  };
  pulling.merge(config.staticTargets.map(pulling.describe));
  const services = pullServices(config.listeners, pulling);
  const nodes = pullNodes(config.nodeUrls, config.nodeTargetLabels, pulling);
  const app = createHttpApp({
    logger,
    registry,
    notReady: () => prometheus.notRunning() ?? report.lastReload().reason,
    routes: createRoutes({
      requests: createServiceRequests({
        changes,
        installer,
        describe,
        services,
        nodes,
        metrics,
        nodeTargetLabels: config.nodeTargetLabels,
      }),
      picksTargetLabels: config.scrapeTargetLabels.length > 0,
      status: () => ({
        prometheus: {
          running: prometheus.notRunning() === undefined,
          reason: prometheus.notRunning(),
          major,
        },
        lastReload: report.lastReload(),
        lastPulls: Object.fromEntries(pulledAt),
        problems: installer.problems(),
        ...stateStatus(changes.state(), installer.rejectedParts()),
      }),
      shortcuts: () => shortcutList(shortcuts),
      notRunning: () => prometheus.notRunning(),
    }),
  });
  const start = createStart({
    async prepare(signal) {
      await Promise.race([Promise.all([services.askedOnce, nodes.askedOnce]), sleep(FIRST_PULL_MS, signal)]);
      if (signal.aborted) return;
      await changes.load();
      await prometheus.start();
    },
    actors: [
      changes.actor,
      prometheus.actor,
      httpServer(app, config.listen, (address) => {
        logger.info('Listening', { ...address });
        options.onListening?.(address);
      }),
    ],
  });
  return { actors: [services.actor, nodes.actor, ...start], close: () => promtool.close() };
}
