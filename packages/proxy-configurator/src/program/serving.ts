import type { Registry } from 'prom-client';
import type { CommonDeps } from '@docker-flow/daemon/process/run-program';
import type { Config } from '../config/config.js';
import type { Capabilities } from '../core/model/settings.js';
import { createConfigFiles } from '../haproxy/config-files.js';
import { createSecretHider } from '../haproxy/hide-secrets.js';
import { canListen } from '../haproxy/listen-probe.js';
import { createHaproxy, type SupervisedHaproxy } from '../haproxy/process.js';
import { createReconciliation, type Reconciliation } from '../install/reconcile.js';
import { createProxyMetrics, type ProxyMetrics, type ProxyMetricsOptions } from '../metrics.js';
import type { ConfigFiles } from '../ports.js';
import { createRecentChanges, type RecentChanges } from '../services/recent-changes.js';
import { createRuns, type Runs } from '../services/runs.js';
import { createTold, type Told } from '../services/told.js';
import { findMainTemplate } from '../services/templates.js';
import type { Memory } from './memory.js';

/** From services to a HAProxy that serves them. */
export interface Serving {
  readonly files: ConfigFiles;
  readonly haproxy: SupervisedHaproxy;
  readonly metrics: ProxyMetrics;
  readonly reconciliation: Reconciliation;
  readonly runs: Runs;
  readonly told: Told;
  readonly changes: RecentChanges;
}

export interface ServingDeps extends CommonDeps {
  readonly memory: Memory;
  readonly capabilities: Capabilities;
  readonly registry: Registry;
  /** Backends whose servers cannot be reached. */
  readonly unreachable: ProxyMetricsOptions['unreachable'];
  /** After each configuration that is live. */
  readonly onInstalled?: () => void;
}

/** Nothing runs before the program starts its actors. */
export function createServing(config: Config, deps: ServingDeps): Serving {
  const { memory, capabilities, registry, logger } = deps;
  const { settings, files: paths } = config;
  const files = createConfigFiles(paths.config, settings.paths.tables);
  const haproxy = createHaproxy({
    configFile: paths.config,
    masterSocket: paths.masterSocket,
    adminSocket: settings.paths.adminSocket,
    capabilities,
    terminateOnReload: config.terminateOnReload,
    environment: config.haproxyEnvironment,
    secrets: createSecretHider(paths.secrets),
    print: (line) => deps.print(line, 'stdout'),
    logger: logger.child({ part: 'haproxy' }),
  });
  const metrics = createProxyMetrics({
    registry,
    version: deps.version,
    services: memory.store,
    settings,
    certificates: () => memory.certificates.states(),
    unreachable: deps.unreachable,
    statistics: () => haproxy.command('show stat'),
    idleBackends: () => reconciliation.idleBackends(),
    oldWorkers: async () => (await haproxy.processes())?.oldWorkers.length ?? 0,
    now: () => Date.now(),
  });
  const reconciliation = createReconciliation(
    {
      addresses: memory.addresses,
      files,
      haproxy,
      certificates: memory.certificates,
      certified: memory.certified,
      thumbprint: () => memory.challenges.thumbprint(),
      mainTemplate: () => findMainTemplate(config.mainTemplate, paths.defaultTemplate),
      canListen,
      logger,
    },
    { settings, capabilities },
  );
  const told = createTold(logger, settings);
  const changes = createRecentChanges(() => Date.now());
  const runs = createRuns({
    told,
    store: memory.store,
    reconcile: (services, force) => reconciliation.run(services, force),
    reloadFromDisk: () => reconciliation.reloadFromDisk(),
    async onRun(run) {
      metrics.observeRun(run);
      changes.add(run);
      deps.onInstalled?.();
      const { outcome, reason, services, durationMs } = run;
      if (outcome !== 'unchanged') {
        logger.info('Configuration is live', { outcome, reason, services, durationMs });
      }
      // A caller that is answered must find its service again after a crash.
      memory.changed();
      await memory.flush();
    },
    onFailure: () => metrics.observeFailure(),
    logger,
  });
  return { files, haproxy, metrics, reconciliation, runs, told, changes };
}
