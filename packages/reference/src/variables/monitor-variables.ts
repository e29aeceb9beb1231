import type { ENVIRONMENT } from '@docker-flow/monitor';
import { COMMON_VARIABLES } from './common-variables.js';

/** One sentence for each variable of the monitor itself. */
export const MONITOR_VARIABLES: Readonly<Record<keyof typeof ENVIRONMENT, string>> = {
  DF_LISTEN_ADDRESS: COMMON_VARIABLES.DF_LISTEN_ADDRESS,
  LOG_LEVEL: COMMON_VARIABLES.LOG_LEVEL,
  LISTENER_ADDRESS:
    'Listeners that are asked for all services at start and now and then: names, `host:port` or whole addresses, with commas between them.',
  DF_GET_NODES_URL: 'Whole addresses that are asked for all nodes, with commas between them.',
  DF_SCRAPE_TARGET_LABELS:
    'Labels of services (without `com.df.`) that become metric labels of their targets.',
  DF_NODE_TARGET_LABELS:
    'Labels of nodes that become metric labels of the targets on them; also `role`, `hostname`, `address`, `state` and `availability`.',
  CONFIGS_DIR: 'Where files named `scrape_…` hold further scrape jobs.',
  ARG_ALERTMANAGER_URL:
    'Addresses of Alertmanagers, with commas between them; a path, a name and a password may be part of them.',
  DF_NODE_METRICS:
    'Names in the node shortcuts: `legacy` for node exporters before 2018, `modern` for those since.',
  DF_PROXY_METRICS:
    "Names in the proxy shortcuts: HAProxy's `built-in` exporter, or the separate `exporter` of old.",
  DF_RESYNC_INTERVAL: 'How often the listeners are asked again, as `30s` or a number of seconds; `0` never.',
  API_TOKEN:
    'Callers of the API must show it, as a bearer token or as the password of basic credentials; health checks and metrics ask for nothing. Or `API_TOKEN_FILE`, or the Swarm secret `api_token`.',
  LISTENER_API_TOKEN:
    'Shown to the listeners of `LISTENER_ADDRESS`; one address alone can have its own: `http://any:TOKEN@swarm-listener:8080`. Or `LISTENER_API_TOKEN_FILE`, or the Swarm secret `listener_api_token`.',
  DF_ALERTS_MAY_SCALE_OTHERS:
    'Whether the metric label `service` of an alert with `scale=up` or `scale=down` may name another service than its own.',
};

/** Families of variables that become something of Prometheus. */
export const MONITOR_FAMILIES = [
  [
    '`ARG_<FLAG>`',
    'A flag of Prometheus: small letters, `_` becomes `.`. `true` and `false` work for switches. `ARG_STORAGE_TSDB_RETENTION_TIME=30d`',
  ],
  [
    '`GLOBAL__<KEY>`',
    'Section `global` of its configuration. `GLOBAL__SCRAPE_INTERVAL=10s`, `GLOBAL__EXTERNAL_LABELS=cluster=swarm`',
  ],
  [
    '`SCRAPE_CONFIGS_<N>__<KEY>`',
    'Scrape jobs of your own, after those of services. `SCRAPE_CONFIGS_1__JOB_NAME=printer`',
  ],
  ['`ALERTING__ALERTMANAGERS_<N>__<KEY>`', 'Completes the Nth Alertmanager, or adds one.'],
  [
    '`REMOTE_WRITE_<N>__<KEY>`, `REMOTE_READ_<N>__<KEY>`',
    'Remote storage. `REMOTE_WRITE_1__URL=http://store:9201/write`',
  ],
  ['`SCRAPE_PORT_<N>` and `SERVICE_NAME_<N>`', 'A static target outside of the Swarm.'],
] as const;
