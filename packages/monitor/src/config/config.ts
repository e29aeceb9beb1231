import { readEnvironment, type Environment } from '@docker-flow/daemon/config/environment';
import { createProblemList } from '@docker-flow/daemon/config/problem-list';
import { withSecrets } from '@docker-flow/daemon/config/secrets';
import { withoutQuotedValues } from '@docker-flow/daemon/config/unquote';
import { fileRoot } from '@docker-flow/daemon/files/file-root';
import { isMetricLabelName, metricLabelName } from '@docker-flow/labels';
import { flagsFromEnvironment } from '../core/prometheus/flags.js';
import { staticTargets } from '../core/services/static-targets.js';
import { configVariables } from '../core/variables/variable.js';
import { readScrapeSecrets } from './scrape-secrets.js';
import { ENVIRONMENT } from './environment.js';

const SECRETS = '/run/secrets';
const TOKENS = ['API_TOKEN', 'LISTENER_API_TOKEN'];
/** Families of variables that become something of Prometheus. */
const FAMILY = /^(?:ARG|GLOBAL|ALERTING|SCRAPE_CONFIGS|REMOTE_WRITE|REMOTE_READ|SCRAPE_PORT|SERVICE_NAME)_/;

/** Everything the environment says. */
export type Config = ReturnType<typeof readConfig>;

/** @throws {InvalidConfigurationError} with every problem at once */
export function readConfig(given: Environment) {
  const root = fileRoot(given['DF_FS_ROOT']);
  const problems = createProblemList();
  const unquoted = withoutQuotedValues(given, Object.keys(given).filter(isOurs));
  const environment =
    problems.attempt(() =>
      withSecrets(unquoted.environment, {
        names: ['ARG_ALERTMANAGER_URL', ...TOKENS],
        protecting: TOKENS,
        directory: root(SECRETS),
      }),
    ) ?? unquoted.environment;
  const own = problems.attempt(() => readEnvironment(ENVIRONMENT, environment));
  if (!own || problems.isAny()) throw problems.error();
  const scrapeSecrets = readScrapeSecrets(root(SECRETS));
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
    /** Callers of our API must show it; `undefined`: everybody may call. */
    apiToken: own.API_TOKEN,
    /** Shown to listeners whose address has no password of its own. */
    listenerToken: own.LISTENER_API_TOKEN,
    alertsMayScaleOthers: own.DF_ALERTS_MAY_SCALE_OTHERS,
    /** The command line of Prometheus. */
    flags,
    /** What variables say about prometheus.yml. */
    variables: configVariables(environment),
    /** Secrets that labels may name, by file name. */
    scrapeSecrets,
    /** Targets outside the swarm, as the parameters of services. */
    staticTargets: targets.services,
    warnings: [
      ...unquoted.warnings,
      ...flagWarnings,
      ...targets.warnings,
      ...unusableTargetLabels([...own.DF_SCRAPE_TARGET_LABELS, ...own.DF_NODE_TARGET_LABELS]),
    ],
    secrets: [...secretsOf(environment), ...passwordsOf(scrapeSecrets)],
  };
}

function isOurs(name: string): boolean {
  return name in ENVIRONMENT || FAMILY.test(name);
}

function unusableTargetLabels(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => !isMetricLabelName(metricLabelName(name)))
    .map((name) => `target label ${JSON.stringify(name)}: Prometheus allows no such name`);
}

function passwordsOf(secrets: ReadonlyMap<string, string>): readonly string[] {
  return [...secrets].flatMap(([name, content]) =>
    name.startsWith('dfm_users_') ? content.split(':').slice(1) : [],
  );
}

/** Texts that must never be printed: values of variables whose names say so, and user info of addresses. */
function secretsOf(environment: Environment): readonly string[] {
  const named = Object.entries(environment).flatMap(([name, value]) =>
    /PASSWORD|SECRET|TOKEN|CREDENTIALS/.test(name) && !name.endsWith('_FILE') && value ? [value] : [],
  );
  const addresses = ['ARG_ALERTMANAGER_URL', 'LISTENER_ADDRESS', 'DF_GET_NODES_URL'];
  const userInfo = addresses.flatMap((name) => [
    ...(environment[name] ?? '').matchAll(/:\/\/[^:@/]*:([^@/]*)@/g),
  ]);
  return [...named, ...userInfo.flatMap(([, password]) => (password ? [password] : []))];
}
