import {
  choice,
  duration,
  list,
  listenAddress,
  logLevel,
  optionalText,
  readEnvironment,
  text,
  type Environment,
} from '@docker-flow/daemon';
import { isMetricLabelName, metricLabelName } from '@docker-flow/labels';

const RESYNC_MS = 3 * 60_000;

/** What the variables of the environment say, apart from those that go to Prometheus. */
export type Config = ReturnType<typeof readConfig>;

/** @throws {InvalidConfigurationError} with every problem at once */
export function readConfig(environment: Environment) {
  return readEnvironment(
    {
      DF_LISTEN_ADDRESS: listenAddress(),
      DF_FS_ROOT: text(),
      LOG_LEVEL: logLevel(),
      LISTENER_ADDRESS: list(),
      DF_GET_NODES_URL: list(),
      DF_SCRAPE_TARGET_LABELS: list(),
      DF_NODE_TARGET_LABELS: list(),
      CONFIGS_DIR: optionalText(),
      ARG_ALERTMANAGER_URL: text(),
      DF_NODE_METRICS: choice(['legacy', 'modern'], 'legacy'),
      DF_PROXY_METRICS: choice(['built-in', 'exporter'], 'built-in'),
      DF_RESYNC_INTERVAL: duration(RESYNC_MS),
    },
    environment,
  );
}

/** Names that can never be the name of a label, whatever value a service gives them. */
export function unusableTargetLabels(names: readonly string[]): readonly string[] {
  return names.filter((name) => !isMetricLabelName(metricLabelName(name)));
}
