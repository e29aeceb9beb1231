import {
  boolean,
  choice,
  duration,
  list,
  listenAddress,
  logLevel,
  optionalText,
  text,
} from '@docker-flow/daemon/config/environment';

/** Nothing stays stale longer than this. */
const RESYNC_MS = 3 * 60_000;

/** The variables of the program itself; those that become flags and configuration of Prometheus are families of names. */
export const ENVIRONMENT = {
  DF_LISTEN_ADDRESS: listenAddress(),
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
  API_TOKEN: optionalText(),
  LISTENER_API_TOKEN: optionalText(),
  DF_ALERTS_MAY_SCALE_OTHERS: boolean(false),
} as const;
