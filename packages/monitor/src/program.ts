import path from 'node:path';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import type { ListenAddress } from '@docker-flow/daemon/config/environment';
import { createHttpApp } from '@docker-flow/daemon/http/app';
import { createHttpClient } from '@docker-flow/daemon/http/client';
import { httpServer, NOTIFICATION_LIMITS } from '@docker-flow/daemon/http/server';
import type { Logger } from '@docker-flow/daemon/log/logger';
import { createMetrics } from '@docker-flow/daemon/metrics';
import type { Actor } from '@docker-flow/daemon/process/lifecycle';
import type { CommonDeps, Program, ProgramDefinition } from '@docker-flow/daemon/process/run-program';
import { releaseMemoryWhenQuiet } from '@docker-flow/daemon/process/small-heap';
import type { Parameters } from '@docker-flow/labels';
import { createConfigurationFiles } from './adapters/configuration-files.js';
import { createPrometheus, type Prometheus } from './adapters/prometheus.js';
import { askPrometheusVersion } from './adapters/prometheus-version.js';
import { createPromtool, type Promtool } from './adapters/promtool.js';
import { createScrapeFiles } from './adapters/scrape-files.js';
import { loadShortcuts } from './adapters/shortcut-files.js';
import { createRoutes } from './api/routes.js';
import { shortcutList, stateStatus } from './api/status.js';
import { readConfig, type Config } from './config/config.js';
import { RULE_FILE, variableRejections } from './core/files/build.js';
import { knowsKeepFiringFor } from './core/prometheus/prometheus-log.js';
import { alertNamesakes } from './core/services/service-warnings.js';
import { DEFAULT_CONFIG_FILE, flagValue } from './core/prometheus/flags.js';
import { buildServiceRecord, type RecordSettings } from './core/services/service-record.js';
import { TARGET_DIRECTORY } from './core/services/service-scrape.js';
import { globalScrapeIntervalMs } from './core/variables/global-interval.js';
import { createInstaller, type Installer } from './install/installer.js';
import { createMonitorMetrics } from './metrics.js';
import { createInstallReport } from './services/install-report.js';
import { createNodesFeed, createServicesFeed, type FeedOptions } from './services/listener-feed.js';
import { createServiceChanges } from './services/service-changes.js';
import { createRuleHealth } from './services/rule-health.js';
import { createServiceRequests } from './services/service-requests.js';

/** How long a listener that does not answer, as while it is replaced, may hold up the start. */
const FIRST_ANSWER_LIMIT_MS = 5_000;
const OLDEST_MAJOR = 2;

export const program: ProgramDefinition<Config> = {
  name: 'monitor',
  readConfig,
  createProgram: (config, deps) => createProgram(config, { ...deps, onInstalled: releaseMemoryWhenQuiet }),
};

export interface MonitorDeps extends CommonDeps {
  readonly onListening?: (address: ListenAddress) => void;
  /** After each run of changes, installed or not. */
  readonly onInstalled?: () => void;
  /** How long the start waits for a listener; absent: five seconds. */
  readonly firstAnswerLimitMs?: number;
  /** Another program in the place of Prometheus. */
  readonly prometheusCommand?: string;
}

/** Puts all concrete parts together. */
export async function createProgram(config: Config, deps: MonitorDeps): Promise<Program> {
  const { logger } = deps;
  const registry = createMetrics({ program: program.name, version: deps.version });
  const metrics = createMonitorMetrics(registry);
  const http = createHttpClient({ timeoutMs: 30_000, userAgent: 'docker-flow-monitor' });
  const version = await askPrometheusVersion();
  const major = version?.major;
  const prometheus = createPrometheus({
    flags: config.flags,
    http,
    logger: logger.child({ part: 'prometheus' }),
    print: deps.print,
    ...(deps.prometheusCommand === undefined ? {} : { command: deps.prometheusCommand }),
  });
  const features = flagValue(config.flags, 'enable-feature');
  const promtool = createPromtool({
    root: config.root,
    features,
    logger: logger.child({ part: 'promtool' }),
  });
  const expandsExternalLabels =
    (major ?? OLDEST_MAJOR) >= 3 || (features ?? '').includes('expand-external-labels');
  const installer = await createInstallerOf(config, { expandsExternalLabels, promtool, prometheus, logger });
  const report = createInstallReport({ metrics, logger });
  const changes = createServiceChanges({
    installer,
    report,
    logger,
    ...(deps.onInstalled === undefined ? {} : { onInstalled: deps.onInstalled }),
  });
  const shortcuts = await loadShortcuts({
    root: config.root,
    settings: {
      nodeMetrics: config.nodeMetrics,
      proxyMetrics: config.proxyMetrics,
      prometheusMajor: major ?? OLDEST_MAJOR,
    },
    logger,
  });
  const recordSettings: RecordSettings = {
    shortcuts,
    mayScaleOthers: config.alertsMayScaleOthers,
    knowsKeepFiringFor: knowsKeepFiringFor(version),
    secrets: config.scrapeSecrets,
    scrapeTargetLabels: config.scrapeTargetLabels,
    globalScrapeIntervalMs: globalScrapeIntervalMs(config.variables),
  };
  const describe = (parameters: Parameters) => buildServiceRecord(parameters, recordSettings);
  const pulledAt = new Map<string, Date>();
  const feeding: FeedOptions = {
    http,
    describe: (parameters) => ({ kind: 'put-service', record: describe(parameters) }),
    merge(pulled) {
      pulled.forEach(() => metrics.notified('pull'));
      changes.merge(pulled);
    },
    repeatMs: config.resyncMs,
    token: config.listenerToken,
    logger,
    onSuccess(address) {
      pulledAt.set(address, new Date());
      metrics.pulled(address);
    },
  };
  feeding.merge(config.staticTargets.map(feeding.describe));
  const services = createServicesFeed(config.listeners, feeding);
  const nodes = createNodesFeed(config.nodeUrls, config.nodeTargetLabels, feeding);
  const { nodeTargetLabels } = config;
  const rejectedVariables = () => variableRejections(installer.rejectedParts());
  const ruleHealth = createRuleHealth({ ask: () => prometheus.ruleErrors(), metrics, logger });
  const app = createHttpApp({
    logger,
    registry,
    notReady: () => prometheus.notRunning() ?? report.lastReload().reason ?? rejectedVariables()[0],
    routes: createRoutes({
      requests: createServiceRequests({
        changes,
        installer,
        describe,
        services,
        nodes,
        metrics,
        nodeTargetLabels,
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
        ...stateStatus(changes.state(), {
          rejectedParts: installer.rejectedParts(),
          lastErrors: ruleHealth.lastErrors(),
        }),
      }),
      shortcuts: () => shortcutList(shortcuts),
      contextOf: (record) => ({
        moreWarnings: alertNamesakes(changes.state(), record),
        rejectedVariables: rejectedVariables(),
      }),
      token: config.apiToken,
      logger,
      notRunning: () => prometheus.notRunning(),
    }),
  });
  const onListening = (address: ListenAddress) => {
    logger.info('Listening', { ...address });
    deps.onListening?.(address);
  };
  const server = httpServer(app, config.listen, onListening, NOTIFICATION_LIMITS);
  const startPrometheus = async (signal: AbortSignal) => {
    const { firstAnswerLimitMs = FIRST_ANSWER_LIMIT_MS } = deps;
    await Promise.race([
      Promise.all([services.firstAnswer, nodes.firstAnswer]),
      sleep(firstAnswerLimitMs, signal),
    ]);
    if (signal.aborted) return;
    await changes.load();
    await prometheus.start();
  };
  return {
    actors: [
      services,
      nodes,
      ...actorsAfter(startPrometheus, [changes.actor, prometheus.actor, ruleHealth.actor, server]),
    ],
    close: () => promtool.close(),
  };
}

interface InstallerParts {
  readonly expandsExternalLabels: boolean;
  readonly promtool: Promtool;
  readonly prometheus: Prometheus;
  readonly logger: Logger;
}

/** The installer over the files of this configuration. */
async function createInstallerOf(config: Config, parts: InstallerParts): Promise<Installer> {
  const { root } = config;
  const { logger } = parts;
  const configFile = flagValue(config.flags, 'config.file') ?? DEFAULT_CONFIG_FILE;
  const files = await createConfigurationFiles(
    {
      config: root(configFile),
      rules: root(path.posix.join(path.posix.dirname(configFile), RULE_FILE)),
      targetDirectory: root(TARGET_DIRECTORY),
      targetList: root(`${TARGET_DIRECTORY}-written-by-monitor.json`),
    },
    logger,
  );
  return createInstaller({
    build: {
      variables: config.variables,
      alertmanagerUrls: config.alertmanagerUrls,
      expandsExternalLabels: parts.expandsExternalLabels,
    },
    scrapeFiles: createScrapeFiles(config.configsDirectory && root(config.configsDirectory), logger),
    check: parts.promtool,
    files,
    prometheus: parts.prometheus,
    logger,
  });
}

/**
 * Actors that begin when the preparation is done. When it fails, the first of them fails with its error; when the
 * program is stopped before, none of them begins.
 */
function actorsAfter(
  prepare: (signal: AbortSignal) => Promise<void>,
  actors: readonly Actor[],
): readonly Actor[] {
  let prepared: Promise<void> | undefined;
  return actors.map((actor, i) => ({
    name: actor.name,
    async run(signal) {
      prepared ??= prepare(signal);
      try {
        await prepared;
      } catch (error) {
        // One failure is told once, by the first of them.
        if (i === 0) throw error;
        return undefined;
      }
      return signal.aborted ? undefined : actor.run(signal);
    },
  }));
}
