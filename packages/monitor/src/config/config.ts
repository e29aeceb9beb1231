import { readEnvironment, type Environment } from '@docker-flow/daemon/config/environment';
import { createProblemList } from '@docker-flow/daemon/config/problem-list';
import { withSecrets } from '@docker-flow/daemon/config/secrets';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { isMetricLabelName, metricLabelName } from '@docker-flow/labels';
import { flagsFromEnvironment } from '../core/prometheus/flags.js';
import { staticTargets } from '../core/services/static-targets.js';
import { configVariables } from '../core/variables/variable.js';
import { ENVIRONMENT } from './environment.js';

const SECRETS = '/run/secrets';

/** Everything the environment says. */
export type Config = ReturnType<typeof readConfig>;

/** @throws {InvalidConfigurationError} with every problem at once */
export function readConfig(given: Environment) {
  const root = fileRoot(given['DF_FS_ROOT']);
  const problems = createProblemList();
  const environment =
    problems.attempt(() =>
      withSecrets(given, { names: ['ARG_ALERTMANAGER_URL'], directory: root(SECRETS) }),
    ) ?? given;
  const own = problems.attempt(() => readEnvironment(ENVIRONMENT, environment));
  if (!own || problems.isAny()) throw problems.error();
  const { flags, warnings: flagWarnings } = flagsFromEnvironment(environment);
  const targets = staticTargets(environment);
  return {
    root,
    listen: own.DF_LISTEN_ADDRESS,
    logLevel: own.LOG_LEVEL,
    listeners: own.LISTENER_ADDRESS,
    nodeUrls: own.DF_GET_NODES_URL,
    scrapeTargetLabels: own.DF_SCRAPE_TARGET_LABELS,
    nodeTargetLabels: own.DF_NODE_TARGET_LABELS,
    /** `undefined`: there are no scrape files. */
    configsDirectory: own.CONFIGS_DIR,
    alertmanagerUrls: own.ARG_ALERTMANAGER_URL,
    nodeMetrics: own.DF_NODE_METRICS,
    proxyMetrics: own.DF_PROXY_METRICS,
    /** 0: listeners are asked once. */
    resyncMs: own.DF_RESYNC_INTERVAL,
    /** The command line of Prometheus. */
    flags,
    /** What variables say about prometheus.yml. */
    variables: configVariables(environment),
    /** Targets outside the swarm, as the parameters of services. */
    staticTargets: targets.services,
    warnings: [
      ...flagWarnings,
      ...targets.warnings,
      ...unusableTargetLabels([...own.DF_SCRAPE_TARGET_LABELS, ...own.DF_NODE_TARGET_LABELS]),
    ],
    secrets: secretsOf(environment),
  };
}

function unusableTargetLabels(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => !isMetricLabelName(metricLabelName(name)))
    .map((name) => `target label ${JSON.stringify(name)}: Prometheus allows no such name`);
}

/** Texts that must never be printed: values of variables whose names say so, and user info of addresses. */
function secretsOf(environment: Environment): readonly string[] {
  const named = Object.entries(environment).flatMap(([name, value]) =>
    /PASSWORD|SECRET|TOKEN|CREDENTIALS/.test(name) && !name.endsWith('_FILE') && value ? [value] : [],
  );
  const userInfo = [...(environment['ARG_ALERTMANAGER_URL'] ?? '').matchAll(/:\/\/[^:@/]*:([^@/]*)@/g)];
  return [...named, ...userInfo.flatMap(([, password]) => (password ? [password] : []))];
}
