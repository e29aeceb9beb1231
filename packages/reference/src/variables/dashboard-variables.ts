import type { ENVIRONMENT } from '@docker-flow/dashboard';
import { COMMON_VARIABLES } from './common-variables.js';

const ADDRESS = 'a name, `host:port`, or a whole address that may carry a password';

/** One sentence for each variable of the dashboard. */
export const DASHBOARD_VARIABLES: Readonly<Record<keyof typeof ENVIRONMENT, string>> = {
  DF_LISTEN_ADDRESS: COMMON_VARIABLES.DF_LISTEN_ADDRESS,
  LOG_LEVEL: COMMON_VARIABLES.LOG_LEVEL,
  SERVER_PREFIX: 'A path under which everything exists as well, such as `/flow`.',
  LISTENER_ADDRESS: `Where swarm-listener is: ${ADDRESS}.`,
  PROXY_ADDRESS: 'Where the proxy is.',
  PROXY_API_TOKEN: 'The `API_TOKEN` of the proxy, where it has one.',
  MONITOR_API_TOKEN: 'The same for the monitor.',
  LISTENER_API_TOKEN:
    'The same for swarm-listener: without it users and certificates of services are masked.',
  MONITOR_ADDRESS: 'Where the monitor is.',
  PROMETHEUS_ADDRESS: 'Where Prometheus is, with its path if it has one: `http://monitor:9090/monitor`.',
  ALERTMANAGER_ADDRESS: 'Where Alertmanager is.',
  SCALER_ADDRESS: 'Where the scaler is.',
  CERTIFICATES_ADDRESS: 'Where the program for certificates is.',
  DASHBOARD_POLL_INTERVAL:
    'How often the programs are asked while somebody looks; five times as long while nobody does.',
};
